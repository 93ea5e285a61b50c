import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { FOLDERS, PROMISES, type Promised } from "../../docs/.vitepress/tables/promises.ts"
import { BREAKS } from "../support/breaks/all.ts"
import { ROOT } from "../support/catalog.ts"

const names = (keep: (one: Promised) => boolean) => PROMISES.filter(keep).map(({ folder, name }) => `${folder}/${name}`)

test("every check of common/smoke begins with what it promises, in whole sentences", () => {
  for (const { folder, name, promise } of PROMISES) expect(promise, `${folder}/${name}`).toMatch(/^[A-Z`].{15,}\.$/)
})

test("promises that podman alone proves have no check in common/smoke", () => {
  for (const folder of FOLDERS) {
    const alone = Object.keys(JSON.parse(readFileSync(join(ROOT, "docs/data/podman-promises.json"), "utf8"))[folder])
    for (const name of alone) expect(existsSync(join(ROOT, "common/smoke", folder, `${name}.bats`)), name).toBe(false)
  }
})

test("docs/promises.md has every check of common/smoke, and nothing else that smoke proves", () => {
  const page = readFileSync(join(ROOT, "docs/promises.md"), "utf8")
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| ([a-z, ]+) \|/gm)]
  expect(rows).toHaveLength(PROMISES.length)
  const checks = FOLDERS.flatMap((folder) => readdirSync(join(ROOT, "common/smoke", folder)).filter((file) => file.endsWith(".bats")))
  const bySmoke = rows.filter(([, , by = ""]) => by.includes("smoke")).map(([, name]) => `${name}.bats`)
  expect(bySmoke.sort()).toEqual(checks.sort())
  expect(names(({ bySmoke, byPodman }) => !bySmoke && !byPodman)).toEqual([])
})

/** The functions of a check, or of what checks load; those of one test alone are indented. */
const functionsOf = (path: string) =>
  [...readFileSync(join(ROOT, "common/smoke", path), "utf8").matchAll(/^(\w+)\(\)/gm)].map(([, name]) => name)

test.each(names(({ bySmoke }) => bySmoke))("%s has no function of a name that what it loads has, which would take its place", (name) => {
  const path = `${name}.bats`
  const text = readFileSync(join(ROOT, "common/smoke", path), "utf8")
  const loaded = [...text.matchAll(/load \.\.\/lab\/(\w+)/g)].map(([, name]) => `lab/${name}.bash`)
  const lab = ["display", "lab", "network", "services"].map((file) => `lab/${file}.bash`)
  const profiles = ["helios/profile.bash", "kvdi/profile.bash", "kvdi/supervisord.bash", "kvdi/systemd.bash"]
  const taken = new Set([...lab, ...profiles, ...loaded].flatMap(functionsOf))
  expect(functionsOf(path).filter((name) => taken.has(name))).toEqual([])
})

const read = (name: string) => readFileSync(join(ROOT, "test/e2e", name), "utf8")

test("what is promised for podman has a test of that name in each profile that it holds for", () => {
  const [kvdi, helios] = [read("default/podman.test.ts"), read("default/helios.test.ts")]
  for (const { name, folder } of PROMISES.filter(({ byPodman }) => byPodman)) {
    const titled = new RegExp(`test\\(["'\`]([a-z-]+, )?${name}[:,"'\`]`)
    if (folder !== "helios") expect(kvdi).toMatch(titled)
    if (folder !== "kvdi") expect(helios).toMatch(titled)
  }
})

const defects = BREAKS.flatMap(({ defects }) => defects)

test("no two defects of one image are told by the same words, so each failure has one cause", () => {
  const sameWords = (all: typeof defects) => {
    const words = all.map(({ image, promise, check, reason }) => `${image} ${promise} ${check} ${reason}`)
    return words.filter((one, at) => words.indexOf(one) !== at)
  }
  expect(sameWords(defects)).toEqual([])
  expect(sameWords([...defects, ...defects.slice(0, 1)])).toHaveLength(1)
})

test("every check is seen to fail on a broken image", () => {
  const broken = new Set(BREAKS.flatMap(({ defects, byPodman }) => [...defects, ...byPodman].map(({ promise }) => promise)))
  for (const [, name = ""] of read("slow/podman-broken.test.ts").matchAll(/broken\("(from)/g)) broken.add(name)
  expect([...broken].sort()).toEqual([...new Set(PROMISES.map(({ name }) => name))].sort())
})
