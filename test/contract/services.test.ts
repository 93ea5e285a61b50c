import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const FOLDER = join(ROOT, "common/overlays/helios/etc/s6-overlay/s6-rc.d")
/** What is laid over a helios image. */
const OVERLAYS = ["common/overlays/all", "common/overlays/helios"]
/** What s6-overlay brings along. */
const OVERLAY = ["base"]

const text = (...path: string[]) => readFileSync(join(FOLDER, ...path), "utf8").trim()
const list = (...path: string[]) => (existsSync(join(FOLDER, ...path)) ? readdirSync(join(FOLDER, ...path)) : [])

const services = readdirSync(FOLDER).filter((name) => name !== "user")
const needs = new Map(services.map((name) => [name, list(name, "dependencies.d")]))
const longruns = services.filter((name) => text(name, "type") === "longrun")
const isProgram = (...path: string[]) => (statSync(join(FOLDER, ...path)).mode & 0o111) === 0o111

/** The services that one waits for, directly or not; an error names the way round. */
function reached(name: string, way: string[] = []): string[] {
  if (way.includes(name)) throw new Error([...way, name].join(" -> "))
  return (needs.get(name) ?? []).flatMap((next) => [next, ...reached(next, [...way, name])])
}

test("every service is a oneshot or a longrun, and in the bundle that is started", () => {
  expect(text("user", "type")).toBe("bundle")
  for (const name of services) expect(["oneshot", "longrun"], name).toContain(text(name, "type"))
  expect(list("user", "contents.d").sort()).toEqual([...services].sort())
})

test("every dependency exists", () => {
  for (const [name, wanted] of needs) for (const other of wanted) expect([...OVERLAY, ...services], name).toContain(other)
})

test("no service waits for itself", () => {
  for (const name of services) expect(() => reached(name), name).not.toThrow()
})

test("every service starts after s6-overlay's own and the init hooks", () => {
  for (const name of services)
    if (name !== "init-hooks") expect(reached(name), name).toEqual(expect.arrayContaining(["base", "init-hooks"]))
})

test("the shutdown hooks end before any service does", () => {
  for (const name of longruns) expect(reached("shutdown-hooks"), name).toContain(name)
})

test.each(longruns)("%s runs a program, says when it is ready and is killed when it won't end", (name) => {
  expect(isProgram(name, "run")).toBe(true)
  expect(text(name, "run")).toMatch(/^#!\/(command\/execlineb|bin\/sh)\b/)
  expect(text(name, "notification-fd")).toBe("3")
  expect(Number(text(name, "timeout-kill"))).toBeGreaterThan(0)
  expect(Number(text(name, "timeout-up"))).toBeGreaterThan(0)
  if (existsSync(join(FOLDER, name, "finish"))) expect(isProgram(name, "finish")).toBe(true)
})

test.each(services.filter((name) => !longruns.includes(name)))("%s says what it does", (name) => {
  expect(text(name, "up")).not.toBe("")
})

test("the programs that services name are there", () => {
  const files = services.flatMap((name) => ["run", "up", "down"].map((file) => join(FOLDER, name, file))).filter((path) => existsSync(path))
  for (const path of files) {
    const names = readFileSync(path, "utf8").match(/\/usr\/local\/[\w/-]+/g) ?? []
    for (const name of names) {
      const found = OVERLAYS.map((folder) => join(ROOT, folder, name)).find((file) => existsSync(file))
      expect(found && statSync(found).mode & 0o111, `${path}: ${name}`).toBe(0o111)
    }
  }
})
