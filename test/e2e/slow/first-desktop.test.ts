import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { watchingCompilers } from "../../support/compilers.ts"
import { built, checkout, dagger, type Engine, newEngine, room, wipeAll } from "../../support/engine/engine.ts"
import { call, clean, MINUTE, MIRROR, NO_MIRROR } from "../../support/farm.ts"
import { makeStore, pushing, stored, type TestStore } from "../../support/store.ts"

let store: TestStore
let file: string

const secondsOf = async (work: () => Promise<unknown>) => {
  const began = Date.now()
  await work()
  return Math.round((Date.now() - began) / 1000)
}

/** What dagger/run does for an engine, which must go well. */
async function mustEngine(engine: Engine, ...args: string[]) {
  const { exitCode, stderr } = await dagger(engine, ["engine", ...args], { env: { CI: "true" } })
  expect(exitCode, String(stderr)).toBe(0)
}

describe.skipIf(!MIRROR)(`a machine's first desktop${MIRROR ? "" : `, ${NO_MIRROR}`}`, { timeout: 60 * MINUTE }, () => {
  beforeAll(async () => {
    store = await makeStore()
    await call(pushing(store), 55)
    file = join(room(), "engine.tar.zst")
    const here = await newEngine(built)
    console.log(`exported in ${await secondsOf(() => mustEngine(here, "export", file))} s`)
  }, 90 * MINUTE)
  afterAll(wipeAll, 20 * MINUTE)
  afterAll(clean)

  test("is shown by the demo, with an engine from another machine's file and a store's components, and no compiler runs", async () => {
    const engine = await newEngine()
    const imported = await secondsOf(() => mustEngine(engine, "import", file))
    const farm = await checkout()
    expect(existsSync(join(farm, "report"))).toBe(false)
    const asked = ["run", "demo", "--yes", "--", ...stored(store).filter((option) => !option.startsWith("--mirror="))]
    const env = { ...engine.env, HELIOS_MIRROR: MIRROR, PATH: process.env.PATH }
    const demo = () => execa("npm", asked, { cwd: farm, env, all: true, reject: false, stdin: "ignore", timeout: 50 * MINUTE })
    const { result, seconds, compilers } = await watchingCompilers(demo)
    console.log(`imported in ${imported} s, the demo in ${Math.round(seconds)} s:\n${result.all}`)
    expect(result.exitCode).toBe(0)
    expect(readFileSync(join(farm, "report/smoke.txt"), "utf8")).toMatch(/^2 passed, 0 failed, 0 skipped$/m)
    expect(result.all).toMatch(/^▸ building helios: /m)
    expect(compilers).toEqual([])
  })
})
