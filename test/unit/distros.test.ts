import { expect, test } from "vitest"
import { distroRows, distroTable } from "../../src/verbs/distro-table.ts"
import type { Farm } from "../../src/verbs/farm.ts"
import { farm, pins } from "../support/catalog.ts"

const mine = { name: "mine", title: "Mine", extends: "bookworm", profiles: { kvdi: { inits: ["systemd"], budget: 700 } } }
const rows = distroRows({ catalog: farm({ "mine/distro.json": mine }), ...pins() } as Farm)

test("there is a row for each distro and profile, sorted by name", () => {
  const names = rows.map(({ name, profile }) => `${name} ${profile}`)
  expect(names).toContain("bookworm helios")
  expect(names).toContain("bookworm kvdi")
  expect(rows.map(({ name }) => name)).toEqual(rows.map(({ name }) => name).sort())
})

test("the table has a line for each row, with columns below one another", () => {
  const lines = distroTable(rows).split("\n")
  expect(lines.map((line) => line.split(/ +/).slice(0, 2))).toEqual(rows.map(({ name, profile }) => [name, profile]))
  expect(new Set(lines.map((line) => line.indexOf("X server: "))).size).toBe(1)
  expect(lines).toContainEqual(
    expect.stringMatching(/^mine +kvdi +systemd +debian:bookworm-slim +X server: the distro's own +not measured, at most 700 MB +until /),
  )
})
