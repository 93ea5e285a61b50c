import { renameSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Engine, MINUTE, wipeAll } from "../../support/engine/engine.ts"
import { engineWith, holderOf, printed, sdksOf } from "../../support/engine/sdks.ts"
import { promisesOf } from "../../support/farm.ts"

let engine: Engine
const caller = ["--mod=examples/go"]
/** Runs a line of the example's page on this engine: what it printed. */
const ran = (line: string, minutes?: number) => printed(engine.env, line.replace("dagger/run ", "").split(" "), minutes)

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
  expect(await printed(engine.env, [...caller, "functions"])).toMatch(
    /^desktops +Lists what Helios builds, a line for each distro and profile\.$/m,
  )
  expect(sdksOf(engine.home)).toEqual(["quick", "go"])
})

test("its functions use the farm: rows, and a plan with options", async () => {
  expect(await ran("dagger/run call --mod=examples/go desktops")).toBe(await printed(engine.env, ["call", "distros", "summary"]))
  const plan = JSON.parse(await ran("dagger/run call --mod=examples/go plan --distro=bookworm"))
  expect(plan).toMatchObject({ distro: "bookworm", profile: "kvdi" })
})

test("what the farm refuses is what its caller is told", async () => {
  const said = await printed(engine.env, [...caller, "call", "plan", "--distro=forky"]).catch((error: Error) => error.message)
  expect(said).toMatch(/forky/)
  expect(said).toMatch(/bookworm/)
})

test("an image of its own keeps the farm's promises, with a program that it added", async () => {
  const count = promisesOf("kvdi", "supervisord").length
  expect(await ran("dagger/run call --mod=examples/go smoke --distro=bookworm", 60)).toMatch(
    RegExp(`\n${count} passed, 0 failed, 0 skipped$`),
  )
  const show = ["file", "--path=/etc/supervisor/conf.d/notes.conf", "contents"]
  expect(await printed(engine.env, [...caller, "call", "container", "--distro=bookworm", ...show])).toContain("[program:notes]")
})
