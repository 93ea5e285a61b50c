import { expect, test, vi } from "vitest"
import { type Installation, packages } from "../../src/stages/packages.ts"
import { farm } from "../support/catalog.ts"

/** What Dagger makes here is the list of what was asked of it. */
vi.mock("@dagger.io/dagger", () => {
  const made = (steps: string[]): object =>
    new Proxy(
      { steps },
      {
        get: (target, name) =>
          name === "steps" ? target.steps : (...args: unknown[]) => made([...steps, JSON.stringify([name, ...args])]),
      },
    )
  return { dag: made([]), CacheSharingMode: { Locked: "LOCKED" } }
})

const { packageManager } = farm().families.get("debian") as { packageManager: Installation["packageManager"] }
const base = { image: "debian:bookworm-slim", digest: null }
const wanted = {
  volumes: "bookworm",
  platform: "linux/amd64",
  packageManager,
  base,
  packages: ["xterm"],
  settings: [],
  places: new Map(),
  reproducible: "it" as never,
}
const stepsFor = (asOf: string | null, snapshots: Record<string, string> | null = null, places = new Map<string, string>()) =>
  (packages({ ...wanted, asOf, snapshots, places }) as unknown as { steps: string[] }).steps

/** The commands, each with what was asked before it: what the engine knows it by. */
const keysOf = (steps: string[]) => steps.flatMap((step, at) => (step.startsWith('["withExec"') ? [steps.slice(0, at + 1).join("\n")] : []))

test("a date that packages are built for is part of what each package step is known by, so they are installed anew for it alone", () => {
  const [monday, again, tuesday] = ["2026-11-23", "2026-11-23", "2026-11-24"].map((date) => keysOf(stepsFor(date)))
  expect(monday?.length).toBeGreaterThan(2)
  expect(again).toEqual(monday)
  expect(monday?.filter((key) => tuesday?.includes(key))).toEqual([])
  expect(keysOf(stepsFor(null)).some((key) => key.includes("2026-"))).toBe(false)
})

test("packages of a past day come from the archives of that day, from before the first command to after the last", () => {
  const commands = stepsFor("2026-11-01", { debian: "http://then/debian" }).flatMap((step) => {
    const [name, words] = JSON.parse(step)
    return name === "withExec" ? [words.slice(2).join(" ")] : []
  })
  expect(commands.at(0)).toBe("/usr/local/lib/helios/archives of-day debian=http://then/debian")
  expect(commands.at(-1)).toBe("/usr/local/lib/helios/archives own")
  expect(commands.slice(1, -1)).toEqual(
    stepsFor("2026-11-01").flatMap((step) => (step.startsWith('["withExec"') ? [JSON.parse(step)[1].slice(2).join(" ")] : [])),
  )
})

const elsewhere = new Map([["debian", "https://registry.example/debian"]])

test("packages of archives that are elsewhere come from there, and the image names their own addresses again", () => {
  const commands = stepsFor(null, null, elsewhere).flatMap((step) =>
    step.startsWith('["withExec"') ? [JSON.parse(step)[1].slice(2).join(" ")] : [],
  )
  expect(commands.at(0)).toBe("/usr/local/lib/helios/archives elsewhere debian=https://registry.example/debian")
  expect(commands.at(-1)).toBe("/usr/local/lib/helios/archives own")
})

test("what was downloaded of live archives, of dated ones and of those elsewhere lies apart", () => {
  const all = [stepsFor("2026-11-01"), stepsFor("2026-11-01", { debian: "http://then" }), stepsFor(null, null, elsewhere)].map((steps) =>
    steps.filter((step) => step.startsWith('["withMountedCache"')),
  )
  for (const volumes of all) expect(volumes).toHaveLength(2)
})

test("it stays out of the image", () => {
  const steps = stepsFor("2026-11-23")
  expect(steps.indexOf('["withoutEnvVariable","HELIOS_AS_OF"]')).toBeGreaterThan(
    steps.map((step) => step.startsWith('["withExec"')).lastIndexOf(true),
  )
})
