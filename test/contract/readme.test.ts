import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { distroNames, ROOT } from "../support/catalog.ts"
import { codeOf, PAGES, readPage } from "./pages.ts"

const make = readFileSync(join(ROOT, "Makefile"), "utf8")
const targets = [...distroNames(), ...(make.match(/^SCRIPTS := (.+)$/m)?.[1]?.split(" ") ?? [])]

describe.each(PAGES)("%s", (page) => {
  const code = codeOf(readPage(page))

  test("makes targets that exist", () => {
    for (const [, name] of code.matchAll(/\bmake ([a-z0-9-]+)/g)) expect(targets).toContain(name)
  })

  test("applies files that exist", () => {
    for (const [, path] of code.matchAll(/(?:apply -[fk]|cd) (common\S+)/g)) expect(existsSync(join(ROOT, path as string)), path).toBe(true)
  })
})

test("make, compose and kubectl are written down somewhere", () => {
  const all = PAGES.map((page) => codeOf(readPage(page))).join("\n")
  for (const command of [/\bmake bookworm\b/, /\bcd common\/deploy\b/, /\bkubectl apply -k common\/deploy\b/]) expect(all).toMatch(command)
})

test("the commands that run the tests are those of .ci/run", () => {
  const ran = readFileSync(join(ROOT, ".ci/run"), "utf8").trim().split("\n").at(-1)
  expect(codeOf(readPage("README.md"))).toMatch(new RegExp(`^${ran}( --yes)?$`, "m"))
})
