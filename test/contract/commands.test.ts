import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"
import { callsIn } from "./calls.ts"
import { type Block, blocksOf, codeOf, commandsOf, PAGES, readPage, withoutBlocks } from "./pages.ts"

const read = (path: string) => readFileSync(join(ROOT, path), "utf8")

/** Languages of blocks that a reader runs. */
const RUN = ["sh", "dockerfile"]

/** The words by which a test that runs a command can be known: programs, their first words, functions of the farm. */
function keywords(command: string): string[] {
  const [call] = callsIn(command)
  if (call) return call.filter((word) => !word.startsWith("-") && word !== "…")
  return command
    .replaceAll(/[()]/g, " ")
    .split(/&&|\|\|?|;/)
    .flatMap((part) => {
      const [program = "", ...words] = part
        .trim()
        .split(/\s+/)
        .filter((word) => !/^\w+=/.test(word))
      const named = words.filter((word) => !word.startsWith("-"))
      if (["npm", "npx", "make", "git", "docker", "kubectl", "cosign", "dagger/run"].includes(program))
        return named.filter((word) => word !== "run" || program === "docker").slice(0, program === "dagger/run" ? 2 : 1)
      return ["export", "cd", "cp", "umask", "cat", "FROM", "RUN", "COPY", ""].includes(program) ? [] : [program]
    })
}

/** What is wrong with what a block says of who runs it. */
function problemsOf(block: Block): string[] {
  const [first = ""] = block.lines
  const [, why] = block.before.match(/^<!-- not run: (.{15,}) -->$/) ?? []
  if (why) return []
  const [, files] = block.before.match(/^<!-- run by: (.+) -->$/) ?? []
  if (!files) return [`${first}: expected <!-- run by: FILE --> or <!-- not run: WHY --> before it`]
  const paths = files.split(", ")
  const missing = paths.filter((path) => !existsSync(join(ROOT, path)))
  if (missing.length) return missing.map((path) => `${first}: run by ${path}, which doesn't exist`)
  const texts = paths.map(read).join("\n")
  const words = commandsOf(block).flatMap(keywords)
  return words.filter((word) => !texts.includes(word)).map((word) => `${first}: no file that it is run by has "${word}"`)
}

describe("every command in a block is run by a test, or says why not", () => {
  const pages = PAGES.filter((path) => path !== "dagger/engine/README.md")

  test.each(pages)("of %s", (path) => {
    const blocks = blocksOf(readPage(path)).filter(({ language }) => RUN.includes(language))
    expect(blocks.flatMap(problemsOf)).toEqual([])
  })

  test("and few aren't run", () => {
    const blocks = pages.flatMap((path) => blocksOf(readPage(path))).filter(({ language }) => RUN.includes(language))
    expect(blocks.length).toBeGreaterThan(25)
    expect(blocks.filter(({ before }) => before.includes("not run")).length).toBeLessThan(blocks.length / 3)
  })

  test("no page has commands in indented blocks, which nothing can be said before", () => {
    for (const path of pages) expect(withoutBlocks(readPage(path)), path).not.toMatch(/^ {4}\S/m)
  })

  test.each([
    ["nothing is said of", "```sh\nnpm run demo\n```", "npm run demo: expected <!-- run by: FILE --> or <!-- not run: WHY --> before it"],
    [
      "a file that there is none of",
      "<!-- run by: test/none.ts -->\n```sh\nnpm run demo\n```",
      "npm run demo: run by test/none.ts, which doesn't exist",
    ],
    [
      "a file that runs something else",
      "<!-- run by: test/e2e/default/calls.test.ts -->\n```sh\ndagger/run call image --distro=bookworm benchmark\n```",
      'dagger/run call image --distro=bookworm benchmark: no file that it is run by has "benchmark"',
    ],
  ])("one that %s is seen", (_, page, problem) => expect(blocksOf(page).flatMap(problemsOf)).toEqual([problem]))
})

/** Functions that no end-to-end test calls by the command line, and why. */
const UNTRIED: Record<string, string> = {
  junit: "what files has, which default/kvdi.test.ts reads",
  sbom: "what a release attests, which slow/trust.test.ts reads",
  terminal: "opens a shell for a person",
}

describe("every function that a page calls in its text is called by an end-to-end test", () => {
  const folders = [
    "test/e2e",
    "test/support",
    "test/bench",
    "examples/typescript/src",
    "examples/go",
    "examples/studio",
    ".github/workflows",
    "dagger/demo",
  ]
  const filesOf = (path: string) =>
    statSync(join(ROOT, path)).isFile()
      ? [path]
      : readdirSync(join(ROOT, path), { recursive: true, encoding: "utf8" })
          .map((name) => join(path, name))
          .filter((name) => /\.(ts|mjs|yml|go)$/.test(name))
  const texts = folders.flatMap(filesOf).map(read).join("\n")
  const isCalled = (name: string) => new RegExp(`["'\`\\s]${name}["'\`\\s]|call ${name}\\b`).test(texts)

  test.each(PAGES)("in %s", (path) => {
    const functions = callsIn(codeOf(readPage(path))).flatMap((words) =>
      words.filter((word) => /^[a-z-]+$/.test(word) && !word.startsWith("-")),
    )
    expect([...new Set(functions)].filter((name) => !isCalled(name) && !UNTRIED[name])).toEqual([])
  })

  test("but for few, of which none is", () => {
    for (const name of Object.keys(UNTRIED)) expect(new RegExp(`, "${name}"`).test(texts), name).toBe(false)
  })
})
