import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { distroNames, ROOT } from "../support/catalog.ts"

const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> }
const make = readFileSync(join(ROOT, "Makefile"), "utf8")
const targets = [...distroNames(), ...(make.match(/^SCRIPTS := (.+)$/m)?.[1]?.split(" ") ?? [])]
const surface = readFileSync(join(ROOT, "test/contract/surface.txt"), "utf8")

describe.each(["README.md", "CONTRIBUTING.md"])("%s", (page) => {
  const text = readFileSync(join(ROOT, page), "utf8")
  const blocks = [...text.matchAll(/^ {4}(.+)$/gm)].map(([, line]) => line as string)
  const commands = [...text.matchAll(/`{1,3}[^`]*`{1,3}/g)].map(([code]) => code).join("\n")

  test("names npm scripts that exist", () => {
    for (const [, name] of commands.matchAll(/npm run ([a-z:-]+)/g)) expect(Object.keys(scripts)).toContain(name)
  })

  test("makes targets that exist", () => {
    const made = [...[commands, ...blocks].join("\n").matchAll(/\bmake ([a-z0-9-]+)/g)].map(([, name]) => name as string)
    expect(made.length).toBeGreaterThan(0)
    for (const name of made) expect(targets).toContain(name)
  })

  test("applies files that exist", () => {
    for (const line of blocks)
      for (const [, path] of line.matchAll(/(?:apply -f|cd) (\S+)/g)) expect(existsSync(join(ROOT, path as string)), path).toBe(true)
  })

  test("calls functions that exist", () => {
    const calls = [...commands.matchAll(/dagger\/run (?:--\S+ )*call (?:--\S+ )*([a-z-]+)/g)].map(([, name]) => name as string)
    for (const name of calls) expect(surface).toMatch(new RegExp(`^Helios\\.${name}\\(`, "m"))
    expect(calls.length > 0 || page !== "README.md").toBe(true)
  })

  test("links to files that exist", () => {
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g))
      expect(existsSync(join(ROOT, target as string)), target).toBe(true)
  })
})
