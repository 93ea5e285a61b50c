import { readFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "../support/catalog.ts"

/** A function of the API: its arguments' types by flag, and what it returns. */
interface Callable {
  flags: Map<string, string>
  returns: string
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The functions of each object by the names that the CLI has for them, its constructor under "", and the values of each enum. */
function readSurface() {
  const objects = new Map<string, Map<string, Callable>>()
  const enums = new Map<string, string[]>()
  for (const line of readFileSync(join(ROOT, "test/contract/surface.txt"), "utf8").trim().split("\n")) {
    const [, kind = "", value] = line.match(/^(\w+)\.\w+ = (\S+)$/) ?? []
    if (value) {
      enums.set(kind, [...(enums.get(kind) ?? []), value])
      continue
    }
    const [, object = "", name = "", taken = "", returns = ""] = line.match(/^(\w+)(?:\.(\w+))?(?:\((.*)\))?(?:: (\S+))?$/) ?? []
    const flags = new Map(
      taken
        .split(", ")
        .map((one) => one.split(/\??: /))
        .map(([flag = "", type = ""]) => [kebab(flag), type]),
    )
    objects.set(object, (objects.get(object) ?? new Map()).set(kebab(name), { flags, returns: returns.replace(/[[\]]/g, "") }))
  }
  return { objects, enums }
}

const { objects, enums } = readSurface()

/** What the CLI itself takes anywhere. */
const OWN = ["output", "yes", "y", "o", "progress", "json", "mod", "m"]

/** What is wrong with a call of the farm, given as the words after `dagger call`; what isn't the farm's own is taken as it is. */
export function callProblems(words: string[]): string[] {
  let here = { name: "dagger call", object: "Helios", callable: objects.get("Helios")?.get("") as Callable }
  const problems: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    const functions = objects.get(here.object)
    if (word === "…") continue
    if (word.startsWith("-")) {
      const [, flag = "", value] = word.match(/^--?([a-z-]+)(?:=(.*))?$/s) ?? []
      const type = here.callable.flags.get(flag)
      if (OWN.includes(flag)) continue
      if (!type) problems.push(`${here.name}: no flag ${word.replace(/=.*/s, "")}`)
      else if (value === undefined && type !== "Boolean") at++
      else if (value && /^[a-z0-9]+$/.test(value) && enums.get(type)?.includes(value) === false)
        problems.push(`${here.name}: --${flag} is no ${value}`)
      continue
    }
    // A type of Dagger's own, or what a shell does with the output.
    if (!functions) return problems
    const callable = functions.get(word)
    if (!word || !callable) return [...problems, `${here.name}: no function ${word}`]
    here = { name: word, object: callable.returns, callable }
  }
  return problems
}

/** The calls of the farm in a text of shell lines: the words after `dagger call` or `dagger/run call`. */
export function callsIn(shell: string): string[][] {
  const lines = shell.replace(/\\\n\s*/g, " ").split("\n")
  return lines.flatMap((line) =>
    [...line.matchAll(/(?:^|[\s`(])dagger(?:\/run)? (?:-\S+ )*call(?= |$)(.*)/g)].map(([, rest = ""]) => {
      const words: string[] = rest.match(/(?:"(?:\$\([^)]*\)|[^"])*"|'[^']*'|\$\([^)]*\)|[^\s"'$]|\$(?!\())+/g) ?? []
      const end = words.findIndex((word) => /^(\||\|\||&&|;|>>?|#|\)|2>.*)$/.test(word))
      return words.slice(0, end < 0 ? undefined : end).map((word) => word.replace(/[);]+$/, (tail) => (word.includes("(") ? tail : "")))
    }),
  )
}
