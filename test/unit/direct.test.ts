import type { Container, Directory, Secret, Service } from "@dagger.io/dagger"
import { expect, test, vi } from "vitest"
import { plan } from "../../src/core/plan/plan.ts"
import { OWN_PLACES } from "../../src/core/sources/archives.ts"
import { beside } from "../../src/stages/direct.ts"
import { lab } from "../../src/stages/lab.ts"
import { desktop } from "../../src/verbs/desktop.ts"
import type { Farm } from "../../src/verbs/farm.ts"
import { farm, pins } from "../support/catalog.ts"

/** Whatever Dagger makes, with what was asked of it on the way, a line each, after those of what it was given. */
function recorded(lines: string[]): object {
  const ask = (name: string, given: unknown[]) => {
    const others = given.flatMap((one) => (Object(one) === one && "lines" in (one as object) ? linesOf(one as object) : []))
    return recorded([...lines, ...others, [name, ...given.filter((one) => typeof one === "string" || Array.isArray(one))].join(" ")])
  }
  return new Proxy(
    { lines },
    {
      get: (target, name) => {
        if (typeof name === "symbol" || name === "then") return undefined
        return name === "lines" ? target.lines : (...given: unknown[]) => ask(name, given)
      },
    },
  )
}
const container = () => recorded([]) as Container
const linesOf = (made: object) => (made as { lines: string[] }).lines

vi.mock("@dagger.io/dagger", () => ({ dag: { cacheVolume: () => ({}), setSecret: () => ({}) } }))
vi.mock("../../src/verbs/toolbox.ts", () => ({ tool: async () => container() }))

const NONE = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY"].map((name) => `withEnvVariable ${name} `)

test("the lab has the engine's proxies while it is made, and none while images are tried in it", () => {
  const lines = linesOf(lab(container(), container() as unknown as Directory, true, OWN_PLACES))
  const isProxy = (line: string) => line.includes("_PROXY")
  expect(lines.filter(isProxy)).toEqual([...NONE, "withEnvVariable NO_PROXY *"])
  const installs = lines.flatMap((line, at) => (line.startsWith("withExec") ? [at] : []))
  expect(installs).toHaveLength(2)
  expect(Math.max(...installs)).toBeLessThan(lines.findIndex(isProxy))
})

test.each(["helios", "kvdi"])("a desktop of %s that is shown has none, which may have passwords", async (profile) => {
  const planned = plan(farm(), pins(), { distro: "bookworm", profile, platform: "linux/amd64" })
  const made = await desktop({ folder: container, places: OWN_PLACES } as unknown as Farm, planned, container(), {} as Secret)
  expect(linesOf(made)).toEqual(expect.arrayContaining(NONE))
})

test("what speaks with a service beside it does so by no proxy", () => {
  const lines = linesOf(beside(container(), "registry", {} as Service))
  expect(lines).toEqual(["withServiceBinding registry", "withEnvVariable NO_PROXY registry"])
})
