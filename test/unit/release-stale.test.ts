import type { Container } from "@dagger.io/dagger"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import type { ReleaseTarget } from "../../src/core/release/targets.ts"
import { OWN_PLACES } from "../../src/core/sources/archives.ts"
import type { Farm } from "../../src/verbs/farm.ts"
import type { RegistryContext } from "../../src/verbs/release/context.ts"
import { outdatedIn, stale } from "../../src/verbs/release/stale.ts"
import { farm, pins } from "../support/catalog.ts"
import { Bench, COMMIT, commitOf, target } from "../support/releases/release.ts"

const LATER = commitOf("f")
const unstable = target("unstable")
const release = target("v1.2.3")
const cells = unstable.platforms.map((platform) => ({
  distro: "bookworm",
  profile: "helios",
  init: "s6",
  platform,
  shard: `debian-${platform.replace("linux/", "")}`,
}))

describe("stale", () => {
  const said: string[] = []
  beforeEach(() => void vi.spyOn(console, "warn").mockImplementation((line) => void said.push(line)))
  afterEach(() => void vi.restoreAllMocks())

  /** What is stale, where an upgrade would install something on a platform. */
  const ask = (bench: Bench, one: ReleaseTarget, newer: Record<string, string[] | Error> = {}, commit = COMMIT) =>
    stale({ farm: { catalog: farm() }, registry: bench.registry, commit }, [one], async (_, __, platform) => {
      const found = newer[platform] ?? []
      if (found instanceof Error) throw found
      return found
    })

  test("lists what isn't there, what another commit built, what archives have newer, and what can't be asked", async () => {
    const bench = new Bench()
    expect(await ask(bench, unstable)).toEqual(cells)
    await bench.published(unstable)
    expect(await ask(bench, unstable)).toEqual([])
    expect(await ask(bench, unstable, {}, LATER)).toEqual(cells)
    expect(await ask(bench, unstable, { "linux/amd64": ["bash"] })).toEqual(cells)
    expect(await ask(bench, unstable, { "linux/amd64": new Error("503") })).toEqual(cells)
  })

  test("lists every platform's image if the archives have something newer for one, whichever that is", async () => {
    const bench = new Bench()
    await bench.published(unstable)
    expect(await ask(bench, unstable, { "linux/arm64": ["bash", "dash"] })).toEqual(cells)
    expect(said.at(-1)).toBe("helios:unstable-bookworm has 2 packages on linux/arm64 that the archives have newer: bash, dash")
    expect(await ask(bench, unstable, { "linux/arm64": new Error("404") })).toEqual(cells)
    expect(said.at(-1)).toBe("helios:unstable-bookworm could not be checked on linux/arm64: 404")
  })

  test("a release of the commit stays as it is, whatever archives have", async () => {
    const bench = new Bench()
    await bench.published(release)
    expect(await ask(bench, release, { "linux/amd64": ["bash"] })).toEqual([])
  })

  test.each(["linux/amd64", "linux/arm64"])("an index that has %s alone is listed", async (platform) => {
    const bench = new Bench()
    await bench.published(target("unstable", { platforms: [platform] }))
    expect(await ask(bench, unstable)).toEqual(cells)
  })
})

describe("the archives are asked", () => {
  /** A container that only notes what is done with it, and prints the packages when it is asked. */
  function noting(name: string, notes: string[] = []): Container {
    const more = (note: string) => noting(name, [...notes, note])
    return {
      withoutDirectory: (path: string) => more(`without ${path}`),
      withDirectory: (path: string, folder: unknown) => more(`${folder} at ${path}`),
      withUser: (user: string) => more(`as ${user}`),
      withEnvVariable: (key: string, value: string) => more(key === "HELIOS_RUN" ? key : `${key}=${value}`),
      withExec: (command: string[]) => more(command.join(" ")),
      directory: (path: string) => `${name}'s ${path}`,
      stdout: async () => [name, ...notes, ""].join("\n"),
    } as unknown as Container
  }

  const context = {
    farm: { catalog: farm(), ...pins(), places: OWN_PLACES, folder: (path: string) => path } as unknown as Farm,
    registry: { pull: async (_: string, digest: string, platform: string) => noting(`${digest} for ${platform}`) },
  } as unknown as RegistryContext
  const digests = new Map([
    ["linux/amd64", "sha256:a"],
    ["linux/arm64", "sha256:b"],
  ])
  const asked = (own: string, platform: string, distro = "bookworm") =>
    outdatedIn(context, own)(target("unstable", { distro }), digests, platform)

  test("about another platform on the engine's own, with the other's state, without emulation", async () => {
    expect(await asked("linux/amd64", "linux/arm64")).toEqual([
      "sha256:a for linux/amd64",
      ...["/etc/apt", "/var/lib/apt", "/var/lib/dpkg"].flatMap((path) => [
        `without ${path}`,
        `sha256:b for linux/arm64's ${path} at ${path}`,
      ]),
      "distros/_families/debian/archives at /",
      "distros/_families/debian/settings at /",
      "as root",
      "DEBIAN_FRONTEND=noninteractive",
      "HELIOS_RUN",
      "/usr/local/lib/helios/outdated linux/arm64",
    ])
  })

  test("after what chooses among packages was set, where a family has that", async () => {
    const notes = await asked("linux/amd64", "linux/arm64", "rocky-9")
    expect(notes.slice(-2)).toEqual([
      expect.stringMatching(/^dnf .* module enable nodejs:22$/),
      "/usr/local/lib/helios/outdated linux/arm64",
    ])
  })

  test("where they are, if that is elsewhere", async () => {
    const places = { ...OWN_PLACES, archives: new Map([["debian", "https://registry.example/debian"]]) }
    const elsewhere = { ...context, farm: { ...context.farm, places } }
    const notes = await outdatedIn(elsewhere, "linux/amd64")(target("unstable", {}), digests, "linux/amd64")
    expect(notes.slice(-2)).toEqual([
      "/usr/local/lib/helios/archives elsewhere debian=https://registry.example/debian",
      "/usr/local/lib/helios/outdated linux/amd64",
    ])
  })

  test("about its own platform in the same way", async () => {
    const notes = await asked("linux/arm64", "linux/arm64")
    expect([notes[0], notes[2], notes.at(-1)]).toEqual([
      "sha256:b for linux/arm64",
      "sha256:b for linux/arm64's /etc/apt at /etc/apt",
      "/usr/local/lib/helios/outdated linux/arm64",
    ])
  })

  test("by the image itself if there is none for the engine's platform", async () => {
    expect((await asked("linux/riscv64", "linux/amd64"))[0]).toBe("sha256:a for linux/amd64")
  })
})
