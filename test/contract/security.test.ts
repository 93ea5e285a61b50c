import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const read = (path: string) => readFileSync(join(ROOT, path), "utf8")
const text = read("SECURITY.md")

/** The rows of the table that has a column of that name, as its cells. */
function rowsOf(column: string): string[][] {
  const lines = text.split("\n")
  const head = lines.findIndex((line) => line.startsWith("|") && line.endsWith(`| ${column} |`))
  const table = lines.slice(head + 2, lines.indexOf("", head))
  return table.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

const promised = rowsOf("checks").map(([to = "", promise = "", checks = ""]) => ({ to, promise, checks: checks.split(", ") }))
const smoke = ["common", "helios", "kvdi"].flatMap((folder) => readdirSync(join(ROOT, "common/smoke", folder)))
const slow = readdirSync(join(ROOT, "test/e2e/slow"))
const byPodman = [
  ...`${read("test/e2e/default/podman.test.ts")}${read("test/e2e/default/helios.test.ts")}`.matchAll(/^ *test\("([a-z-]+):/gm),
].map(([, name]) => name)

describe("SECURITY.md", () => {
  test.each(promised)("a check backs what is promised to $to: $promise", ({ checks }) => {
    for (const name of checks)
      expect(smoke.includes(`${name}.bats`) || slow.includes(`${name}.test.ts`) || byPodman.includes(name), name).toBe(true)
  })

  test("promises something to all whom it names", () => {
    expect(promised.length).toBeGreaterThanOrEqual(12)
    const checks = promised.flatMap((row) => row.checks)
    for (const name of ["auth", "guessing", "contained", "view-only", "loopback", "no-secrets", "minimal", "bad-env", "socket"])
      expect(checks).toContain(name)
  })

  test("is a page of fewer than 150 lines, with the repository's address", () => {
    expect(text.split("\n").length).toBeLessThan(150)
    expect(text).toContain(`<${JSON.parse(read("package.json")).repository}>`)
  })
})
