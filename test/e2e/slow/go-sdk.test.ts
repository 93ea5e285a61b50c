import { renameSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Engine, MINUTE, wipeAll } from "../../support/engine/engine.ts"
import { engineWith, holderOf, printed, sdksOf } from "../../support/engine/sdks.ts"

let engine: Engine
const caller = ["--mod=test/fixtures/go-caller"]

beforeAll(async () => {
  engine = await engineWith({})
  await printed(engine.env, ["engine", "up"])
}, 20 * MINUTE)
afterAll(wipeAll, 5 * MINUTE)

test("an engine has no Go SDK until it is asked for, and keeps it then", async () => {
  expect(sdksOf(engine.home)).toEqual(["quick"])
  await printed({ ...engine.env, HELIOS_GO_SDK: "1" }, ["engine", "up"])
  expect(sdksOf(engine.home)).toEqual(["quick", "go"])
  const before = holderOf(engine.home)
  await printed(engine.env, ["engine", "up"])
  expect(holderOf(engine.home)).toEqual(before)
})

test("a module in Go that depends on the farm asks for it, and is loaded", async () => {
  const [made, aside] = [join(engine.home, "sdk-go"), join(engine.home, "aside")]
  await printed(engine.env, ["engine", "down"])
  renameSync(made, aside)
  await printed(engine.env, ["engine", "up"])
  expect(sdksOf(engine.home)).toEqual(["quick"])
  renameSync(aside, made)
  expect(await printed(engine.env, [...caller, "functions"])).toMatch(/^names +Names of the distros, a line for each profile\.$/m)
  expect(sdksOf(engine.home)).toEqual(["quick", "go"])
})

test("its functions use the farm: rows, and a plan with options", async () => {
  const names = await printed(engine.env, [...caller, "call", "names"])
  expect(names.split("\n")).toEqual(expect.arrayContaining(["bookworm helios", "bookworm kvdi"]))
  const summary = await printed(engine.env, ["call", "distros", "summary"])
  expect(names.split("\n")).toHaveLength(summary.split("\n").length)
  const plan = JSON.parse(await printed(engine.env, [...caller, "call", "plan", "--distro=bookworm"]))
  expect(plan).toMatchObject({ distro: "bookworm", profile: "kvdi" })
})

test("what the farm refuses is what its caller is told", async () => {
  const said = await printed(engine.env, [...caller, "call", "plan", "--distro=forky"]).catch((error: Error) => error.message)
  expect(said).toMatch(/forky/)
  expect(said).toMatch(/bookworm/)
})
