// Usage: node bases.mjs FARM ARCH ARG...
// Prints "SUITE ARCH" for every Debian base image that dagger, called with these arguments, takes.
import { readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"

/** The farm's own tools run on this one. */
const TOOLS = "debian:trixie-slim"
const WITHOUT_IMAGES = new Set(["completion", "config", "develop", "functions", "help", "init", "login", "logout", "version"])
/** Functions that run no container: they decide and list. */
const READING = new Set(["distros", "matrix", "plan", "tags", "version"])
const WHOLE_MATRIX = new Set(["release"])
const NAME = /^[a-z0-9][a-z0-9._-]*$/

/** The values of a flag, given as --flag=value or --flag value. */
const valuesOf = (args, flag) =>
  args.flatMap((arg, i) => {
    if (arg === flag) return args.slice(i + 1, i + 2)
    return arg.startsWith(`${flag}=`) ? [arg.slice(flag.length + 1)] : []
  })

/** Whether the next word is its value, as far as that can be told: a switch takes none. */
const isFlagWithoutValue = (arg) => arg?.startsWith("--") && !arg.includes("=")

/** The suite of `debian:SUITE` or `debian:SUITE-slim`, else undefined. */
export const suiteOf = (base) => {
  const suite = /^debian:([a-z]+)(-slim)?(@sha256:[0-9a-f]+)?$/.exec(typeof base === "string" ? base : "")?.[1]
  return suite === "latest" ? undefined : suite
}

/** The base images that a call takes: `basesOf(folders, name)` reads those of a distro, `namesIn(folders)` lists the distros. */
export const imagesFor = (args, { farm, basesOf, namesIn }) => {
  const command = args.find((arg) => !arg.startsWith("-"))
  if (command === undefined || WITHOUT_IMAGES.has(command) || args.includes("--help") || args.includes("-h")) return []
  if (args.some((arg, i) => READING.has(arg) && !isFlagWithoutValue(args[i - 1]))) return []
  const folders = [...valuesOf(args, "--distros"), join(farm, "distros")]
  const whole = args.some((arg) => WHOLE_MATRIX.has(arg))
  const named = valuesOf(args, "--distro").flatMap((value) => value.split(","))
  const names = [...named, ...(whole ? namesIn(folders) : [])].filter((name) => NAME.test(name))
  return [TOOLS, ...names.flatMap((name) => basesOf(folders, name))]
}

/** Those of them that can be made here. What isn't known is left to the module, which reports it better. */
export const basesFor = (args, from) => {
  const { arch } = from
  const suites = new Set(imagesFor(args, from).map(suiteOf).filter(Boolean))
  const arches = new Set([arch, ...(args.some((arg) => arg.includes("arm64")) ? ["arm64"] : [])])
  return [...suites].flatMap((suite) => [...arches].map((a) => ({ suite, arch: a })))
}

const firstOf = (folders, read) => {
  for (const folder of folders) {
    try {
      return read(folder)
    } catch {
      // Not in this folder, or not JSON.
    }
  }
}

const read = (folders, ...path) => firstOf(folders, (folder) => JSON.parse(readFileSync(join(resolve(folder), ...path), "utf8"))) ?? {}

/** A distro's file, with what it takes from those that it extends. */
const distroOf = (folders, name, seen = []) => {
  const own = NAME.test(name) && !seen.includes(name) ? read(folders, name, "distro.json") : {}
  return own.extends ? { ...distroOf(folders, String(own.extends), [...seen, name]), ...own } : own
}

/** What a distro is installed on, and what its components in C are compiled on. */
export const basesOf = (folders, name) => {
  const { base, components, family } = distroOf(folders, name)
  return [base, (components ?? read(folders, "_families", String(family), "family.json").components)?.base]
}

export const namesIn = (folders) =>
  folders.flatMap((folder) => firstOf([folder], (f) => readdirSync(resolve(f)).filter((name) => !name.startsWith("_"))) ?? [])

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [farm, arch, ...args] = process.argv.slice(2)
  for (const base of basesFor(args, { arch, farm, basesOf, namesIn })) console.log(`${base.suite} ${base.arch}`)
}
