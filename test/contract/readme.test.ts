import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { distroNames, ROOT } from "../support/catalog.ts"

const make = readFileSync(join(ROOT, "Makefile"), "utf8")
const targets = [...distroNames(), ...(make.match(/^SCRIPTS := (.+)$/m)?.[1]?.split(" ") ?? [])]

describe.each(["README.md", "CONTRIBUTING.md"])("%s", (page) => {
  const text = readFileSync(join(ROOT, page), "utf8")
  const blocks = [...text.matchAll(/^ {4}(.+)$/gm)].map(([, line]) => line as string)
  const commands = [...text.matchAll(/`{1,3}[^`]*`{1,3}/g)].map(([code]) => code).join("\n")

  test("makes targets that exist", () => {
    const made = [...[commands, ...blocks].join("\n").matchAll(/\bmake ([a-z0-9-]+)/g)].map(([, name]) => name as string)
    expect(made.length).toBeGreaterThan(0)
    for (const name of made) expect(targets).toContain(name)
  })

  test("applies files that exist", () => {
    for (const line of blocks)
      for (const [, path] of line.matchAll(/(?:apply -f|cd) (\S+)/g)) expect(existsSync(join(ROOT, path as string)), path).toBe(true)
  })

  test("links to files that exist", () => {
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g))
      expect(existsSync(join(ROOT, target as string)), target).toBe(true)
  })
})
