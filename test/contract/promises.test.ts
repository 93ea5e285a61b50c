import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { COMMON } from "../support/breaks/common.ts"
import { CONTAINED, HELIOS_CONTAINED } from "../support/breaks/contained.ts"
import { HELIOS_ACCESS } from "../support/breaks/helios-access.ts"
import { HELIOS_GUESTS } from "../support/breaks/helios-guests.ts"
import { HELIOS_HEALTH } from "../support/breaks/helios-health.ts"
import { HELIOS_SESSION } from "../support/breaks/helios-session.ts"
import { HELIOS_STEADY } from "../support/breaks/helios-steady.ts"
import { HELIOS_WEB } from "../support/breaks/helios-web.ts"
import { KVDI } from "../support/breaks/kvdi.ts"
import { SYSTEMD } from "../support/breaks/systemd.ts"
import { ROOT } from "../support/catalog.ts"

type Promised = { table: string; name: string; by: string }

/** Every row `| name | by | promise |` below each heading. */
function rows(markdown: string): Promised[] {
  let table = ""
  return markdown.split("\n").flatMap((line) => {
    table = line.match(/^##+ (.+)$/)?.[1] ?? table
    const [, names = "", by = ""] = line.match(/^\| ([a-z, -]+) \| ([sp, ]+) \|/) ?? []
    return names === "name" || !by ? [] : names.split(", ").map((name) => ({ table, name, by: by.replaceAll(", ", "") }))
  })
}

const TABLES: Record<string, string> = { "Both profiles": "common", helios: "helios", kvdi: "kvdi" }
const promised = rows(readFileSync(join(ROOT, "README.md"), "utf8")).filter(({ table }) => TABLES[table])
const checks = Object.values(TABLES).flatMap((folder) =>
  readdirSync(join(ROOT, "common/smoke", folder))
    .filter((file) => file.endsWith(".bats"))
    .map((file) => `${folder}/${file.replace(".bats", "")}`),
)

test("what README promises for smoke is what common/smoke checks", () => {
  const bySmoke = promised.filter(({ by }) => by.includes("s")).map(({ table, name }) => `${TABLES[table]}/${name}`)
  expect(checks.sort()).toEqual(bySmoke.sort())
})

const read = (name: string) => readFileSync(join(ROOT, "test/e2e", name), "utf8")

test("what README promises for podman has a test of that name", () => {
  const [kvdi, helios] = [read("default/podman.test.ts"), read("default/helios.test.ts")]
  for (const { name, table } of promised.filter(({ by }) => by.includes("p"))) {
    const titled = new RegExp(`test\\(["'\`]([a-z-]+, )?${name}[:,"'\`]`)
    if (table !== "helios") expect(kvdi).toMatch(titled)
    if (table !== "kvdi") expect(helios).toMatch(titled)
  }
})

/** Every broken image, by what its profile's tests take together. */
const defects = [
  COMMON,
  CONTAINED,
  HELIOS_CONTAINED,
  KVDI,
  SYSTEMD,
  HELIOS_WEB,
  HELIOS_ACCESS,
  HELIOS_SESSION,
  HELIOS_GUESTS,
  HELIOS_HEALTH,
  HELIOS_STEADY,
].flat()

test("no two defects of one image are told by the same words, so each failure has one cause", () => {
  const sameWords = (all: typeof defects) => {
    const words = all.map(({ image, promise, check, reason }) => `${image} ${promise} ${check} ${reason}`)
    return words.filter((one, at) => words.indexOf(one) !== at)
  }
  expect(sameWords(defects)).toEqual([])
  expect(sameWords([...defects, ...defects.slice(0, 1)])).toHaveLength(1)
})

test("every check is seen to fail on a broken image", () => {
  const byPodman = `${read("slow/podman-broken.test.ts")}${read("slow/helios-broken.test.ts")}`.matchAll(
    /promise: "([a-z-]+)"|broken\("(from)/g,
  )
  const broken = new Set(defects.map(({ promise }) => promise))
  for (const [, ...names] of byPodman) for (const name of names) if (name) broken.add(name)
  expect([...broken].sort()).toEqual([...new Set(promised.map(({ name }) => name))].sort())
})
