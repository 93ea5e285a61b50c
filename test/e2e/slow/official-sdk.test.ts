import { cpSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Results } from "../../../src/core/smoke/results.ts"
import { dagger, type Engine, farm, MINUTE, room, wipeAll } from "../../support/engine/engine.ts"
import { engineWith, holderOf, printed, sdksOf, surface } from "../../support/engine/sdks.ts"
import { failures, MIRROR, NO_MIRROR, promisesOf } from "../../support/farm.ts"

const usual = { HELIOS_SDK: "" }
const kvdi = ["--distro=bookworm", "--profile=kvdi"]
const helios = ["--distro=bookworm", "--profile=helios"]
const mirror = MIRROR ? [`--mirror=${MIRROR}`] : []

let engine: Engine
const call = (args: string[], minutes?: number) => printed(engine.env, ["call", ...args], minutes)

beforeAll(async () => {
  engine = await engineWith({ HELIOS_SDK: "official" })
  await printed(engine.env, ["engine", "up"])
}, 30 * MINUTE)
afterAll(wipeAll, 5 * MINUTE)

async function smoked(args: string[], minutes?: number): Promise<Results> {
  const results = JSON.parse(await call([...args, "json"], minutes)) as Results
  expect(failures(results)).toEqual([])
  return results
}

const passed = (profile: string, init: string) => promisesOf(profile, init).map((name) => `${name} passed`)
const outcomes = ({ outcomes }: Results) => outcomes.map(({ promise, status }) => `${promise} ${status}`).sort()

describe("with the official TypeScript SDK's steps", () => {
  test("the engine has that SDK and no other", async () => {
    expect(sdksOf(engine.home)).toEqual(["official"])
    expect(await printed(engine.env, ["engine", "status"])).toMatch(/^sdks +official$/m)
  })

  test("functions are those that the quick SDK finds", async () => {
    const found = await printed(engine.env, ["functions"])
    expect(found).toMatch(/^smoke +Boots an image/m)
    expect(found).toBe(await printed(usual, ["functions"]))
  })

  test("so are every type, argument, default and word about them", async () => {
    const found = await surface(engine.env)
    expect(found.length).toBeGreaterThan(8)
    expect(found).toEqual(await surface(usual))
  })

  test("distros and plan say what they say with the quick SDK", async () => {
    for (const args of [
      ["distros", "summary"],
      ["--as-of=2026-11-23", "plan", ...kvdi],
      ["--as-of=2026-11-23", "plan", ...helios],
    ])
      expect(await call(args)).toBe(await printed(usual, ["call", ...args]))
  })

  test("the farm has no check, and what its development module checks passes", async () => {
    const dev = ["check", "--mod=dagger/dev"]
    expect(await printed(engine.env, ["check", "--list"])).not.toContain("helios:")
    expect(await printed(engine.env, [...dev, "--list"])).toMatch(/^dev:lint\b.*\n(.*\n)*dev:tests\b/m)
    await printed(engine.env, dev, 60)
  })

  test("a module in TypeScript depends on the farm", async () => {
    expect(await printed(engine.env, ["--mod=examples/typescript", "call", "desktops"])).toBe(await call(["distros", "summary"]))
  })

  test("build makes kvdi's bookworm", async () => {
    expect(await call(["build", ...kvdi, "with-exec", "--args=cat,/etc/os-release", "stdout"])).toContain("VERSION_CODENAME=bookworm")
  })

  test("smoke finds every promise of it kept", async () => {
    expect(outcomes(await smoked(["smoke", ...kvdi]))).toEqual(passed("kvdi", "supervisord"))
  })

  test.skipIf(!MIRROR)(`build makes helios' bookworm, and smoke finds every promise kept${MIRROR ? "" : `, ${NO_MIRROR}`}`, async () => {
    expect(await call([...mirror, "build", ...helios, "with-exec", "--args=cat,/etc/os-release", "stdout"], 60)).toContain("bookworm")
    expect(outcomes(await smoked([...mirror, "smoke", ...helios], 60))).toEqual(passed("helios", "s6"))
  })
})

/** The farm's module with another version of TypeScript in its package.json, as a module of its own. */
function withTypescript(version: string): string {
  const copy = room()
  const isModule = (path: string) => !/\/(node_modules|\.git|report|test|dagger)(\/|$)/.test(path.slice(farm.length))
  cpSync(farm, copy, { recursive: true, filter: isModule })
  for (const name of ["package.json", "package-lock.json"]) {
    const file = join(copy, name)
    writeFileSync(file, readFileSync(file, "utf8").replace('"typescript": "=5.9.3"', `"typescript": "${version}"`))
  }
  return copy
}

test("a plain 5.9.3 of TypeScript can't be installed, as the official SDK mounts its own 6.0.3 over it", async () => {
  const cwd = withTypescript("5.9.3")
  const refused = await dagger(engine, ["call", "version"], { cwd })
  expect(refused.exitCode).not.toBe(0)
  expect(refused.stderr).toContain("EBUSY: resource busy or locked, rename '/src/node_modules/typescript'")
  expect((await dagger({ ...engine, env: { ...engine.env, ...usual } }, ["call", "version"], { cwd })).stdout).toBe("0.1.0")
})

describe("an engine with one SDK", () => {
  test("is started again for a call with the other, which says so", async () => {
    await printed(engine.env, ["engine", "up"])
    const [before] = holderOf(engine.home)
    const up = await dagger({ ...engine, env: { ...engine.env, ...usual } }, ["engine", "up"])
    expect(up.stderr).toMatch(/started again: it has the SDKs official, and this call needs quick$/m)
    expect(sdksOf(engine.home)).toEqual(["quick"])
    expect(holderOf(engine.home)).not.toEqual([before])
  })

  test("is left alone by a call with the same", async () => {
    const before = holderOf(engine.home)
    expect((await dagger({ ...engine, env: { ...engine.env, ...usual } }, ["engine", "up"])).exitCode).toBe(0)
    expect(holderOf(engine.home)).toEqual(before)
  })

  test("there is none of another name", async () => {
    const { stderr, exitCode } = await dagger(engine, ["version"], { env: { HELIOS_SDK: "slow" } })
    expect([exitCode, stderr]).toEqual([1, "helios: HELIOS_SDK=slow must be quick or official"])
  })
})
