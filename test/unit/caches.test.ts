import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { Directory } from "@dagger.io/dagger"
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest"
import { plan } from "../../src/core/plan/plan.ts"
import { components } from "../../src/verbs/build/components.ts"
import { install } from "../../src/verbs/build/install.ts"
import { openFarm } from "../../src/verbs/farm.ts"

/** Whatever Dagger makes, and the names of the cache volumes that it was asked for. */
const { made, volumes } = vi.hoisted(() => {
  const made = (): object => {
    const self: object = new Proxy(
      {},
      {
        get: (_, name) => {
          if (typeof name === "symbol" || name === "then") return undefined
          return () => (name === "sync" ? Promise.resolve(self) : ["stdout", "contents"].includes(name) ? Promise.resolve("") : made())
        },
      },
    )
    return self
  }
  return { made, volumes: new Set<string>() }
})

vi.mock("@dagger.io/dagger", () => {
  const asked: Record<string, (name: string) => unknown> = {
    defaultPlatform: () => Promise.resolve("linux/amd64"),
    cacheVolume: (name) => volumes.add(name) && made(),
  }
  const dag = new Proxy({}, { get: (_, name) => asked[String(name)] ?? made })
  return { dag, CacheSharingMode: { Locked: "LOCKED" }, ReturnType: { Any: "ANY" } }
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "helios-caches-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

const guests = () => ({ export: async (to: string) => cpSync(folder, to, { recursive: true }), file: made }) as unknown as Directory

function bring(name: string, more: object, files: Record<string, string> = {}): string {
  const all = { "distro.json": JSON.stringify({ name, title: name, extends: "bookworm", ...more }), ...files }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true })
    writeFileSync(join(folder, name, path), text)
  }
  return name
}

/** The volumes that an image of a distro takes, all of its components compiled. */
async function volumesOf(distro: string, { compilerCache = true, profile = "helios" } = {}): Promise<string[]> {
  const farm = await openFarm({ extra: guests() }, compilerCache)
  const wanted = plan(farm.catalog, farm, { distro, platform: "linux/amd64", profile })
  volumes.clear()
  await install(farm, wanted)
  for (const build of components(farm, wanted).values()) await build()
  return [...volumes].sort()
}

/** What the farm's own programs are kept in, which no caller's file reaches. */
const isTools = (name: string) => /^helios-(tools-|npm$)/.test(name)
const isCompilers = (name: string) => /^helios-(ccache-|toolchain_)/.test(name)

/** Those of some of the farm's own, one after the other. */
const ofFarm = new Map<string, string[]>()
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "helios-caches-"))
  for (const name of ["bookworm", "trixie", "jammy"]) ofFarm.set(name, await volumesOf(name))
  rmSync(folder, { recursive: true })
})
const compilersOf = (name: string) => (ofFarm.get(name) ?? []).filter(isCompilers)
const isOfFarm = (volume: string) => [...ofFarm.values()].some((found) => found.includes(volume))

describe("the caches of a caller's own distro", () => {
  test.each(["mine", "tools", "debian-bookworm-slim-toolchain"])(
    "called %s are apart from the farm's, but for those of compilers in which nothing is the caller's",
    async (name) => {
      const found = (await volumesOf(bring(name, {}))).filter((volume) => !isTools(volume))
      expect(found.filter((volume) => isOfFarm(volume) && !isCompilers(volume))).toEqual([])
      expect(found.filter(isCompilers)).toEqual(compilersOf("bookworm"))
    },
  )

  test.each([
    ["a base of its own to compile on", { components: { base: "example.org/debian:bookworm" } }, {}],
    ["archives of its own there", { components: { base: "debian:bookworm-slim" } }, { "archives/etc/apt/apt.conf.d/mine": "" }],
    ["further packages to compile with", { packages: { components: { add: ["clang"] } } }, {}],
  ])("with %s are apart from the farm's, those of compilers too", async (_, more, files) => {
    const found = (await volumesOf(bring("mine", more, files))).filter((volume) => !isTools(volume))
    expect(found.filter(isCompilers).length).toBeGreaterThan(1)
    expect(found.filter(isOfFarm)).toEqual([])
  })
})

describe("a compiler cache", () => {
  test("is that of the very compilers: distros of a family that compile on the same base share it, others don't", () => {
    const [bookworm, trixie, jammy] = ["bookworm", "trixie", "jammy"].map(compilersOf)
    expect(bookworm?.filter((volume) => volume.startsWith("helios-ccache-debian-bookworm-slim-"))).toHaveLength(1)
    expect(trixie).toEqual(bookworm)
    expect(jammy?.filter((volume) => bookworm?.includes(volume))).toEqual([])
  })

  test("is none for a release, which compiles all anew", async () => {
    const found = await volumesOf("bookworm", { compilerCache: false })
    expect(found.filter((volume) => volume.includes("ccache"))).toEqual([])
    expect(compilersOf("bookworm").filter((volume) => volume.includes("ccache"))).toHaveLength(1)
  })
})
