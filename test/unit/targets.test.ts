import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  assertNoDowngrade,
  datePlan,
  immutableTags,
  planRelease,
  type ReleaseTarget,
  releaseTags,
  selectTargets,
} from "../../src/core/release/targets.ts"
import { farm } from "../support/catalog.ts"

const COMMIT = "4dc9ceb0b70a0123456789abcdef0123456789ab"
const now = { commit: COMMIT, repository: "ghcr.io/owner" }

describe("what a ref publishes", () => {
  const catalog = farm()
  const published = (ref: string) => datePlan(planRelease(catalog, { ...now, ref }), "2026-11-25T22:51:33.120Z").targets
  const found = (ref: string, distro: string, init: string) => published(ref).find((one) => one.distro === distro && one.init === init)

  test("is an index for each distro, profile and init, with its platforms", () => {
    expect(found("main", "bookworm", "s6")).toEqual({
      distro: "bookworm",
      profile: "helios",
      init: "s6",
      platforms: ["linux/amd64", "linux/arm64"],
      repository: "helios",
      image: "bookworm",
      ref: "refs/heads/main",
      commit: COMMIT,
      version: undefined,
      tag: "unstable-bookworm",
      immutableTag: "unstable-bookworm-20261125T225133Z-4dc9ceb0b70a",
    })
    expect(found("refs/tags/v1.2.3", "bookworm", "supervisord")).toMatchObject({ repository: "helios-kvdi", tag: "v1.2.3-bookworm" })
    expect(found("testing", "bookworm", "systemd")).toMatchObject({ repository: "helios-kvdi", tag: "testing-bookworm-systemd" })
  })

  test("has no address twice, every tag as OCI takes it, and none that is latest", () => {
    for (const ref of ["main", "testing", "v1.2.3"]) {
      const addresses = published(ref).flatMap(({ repository, tag, immutableTag }) => [
        `${repository}:${tag}`,
        `${repository}:${immutableTag}`,
      ])
      expect(new Set(addresses).size).toBe(addresses.length)
      for (const address of addresses) expect(address).toMatch(/:(unstable|testing|v1\.2\.3)-[a-zA-Z0-9._-]{1,110}$/)
    }
  })

  test("is nothing for another ref", () => {
    expect(published("refs/heads/topic")).toEqual([])
  })

  test.each(["", "4dc9ceb", `${COMMIT}0`, COMMIT.toUpperCase()])("commit %j is refused", (commit) => {
    expect(() => planRelease(catalog, { ...now, ref: "main", commit })).toThrow("expected a git commit of 40 hexadecimal digits")
  })

  test.each(["ghcr.io", "owner/name", "ghcr.io/", "https://ghcr.io/owner", "ghcr.io/owner:tag", "ghcr.io/a//b", ""])(
    "repository %j is refused",
    (repository) => {
      expect(() => planRelease(catalog, { ...now, ref: "main", repository })).toThrow(`--repository=${repository}: expected HOST/PATH`)
    },
  )

  test.each(["ghcr.io/owner", "127.0.0.1:5000/a/b", "registry:5000/a", "registry.example.org:8443/a-b/c_d"])(
    "repository %s is taken",
    (repository) => {
      expect(planRelease(catalog, { ...now, ref: "main", repository }).repository).toBe(repository)
    },
  )

  test("goes below the owner's name in lower-case letters, as registries take no others", () => {
    expect(planRelease(catalog, { ...now, ref: "main", repository: "ghcr.io/Juno-FX" }).repository).toBe("ghcr.io/juno-fx")
  })

  test("can be some images alone", () => {
    const tags = (only: Partial<Parameters<typeof selectTargets>[1]>) =>
      selectTargets(published("main"), { distro: [], profile: [], init: [], ...only }).map(({ repository, tag }) => `${repository}:${tag}`)
    expect(tags({})).toEqual(published("main").map(({ repository, tag }) => `${repository}:${tag}`))
    expect(tags({ distro: ["sid", "bookworm"], profile: ["kvdi"], init: ["supervisord"] })).toEqual([
      "helios-kvdi:unstable-bookworm",
      "helios-kvdi:unstable-sid",
    ])
    expect(() => tags({ distro: ["nope"] })).toThrow(/^--distro=nope: no such distro; expected one of .*bookworm/)
    expect(() => tags({ distro: ["rocky-9"], profile: ["kvdi"] })).toThrow("--distro=rocky-9 --profile=kvdi: no image is all of these")
    expect(selectTargets([], { distro: ["nope"], profile: [], init: [] })).toEqual([])
  })

  test("two images of one address are refused", () => {
    const bookworm = catalog.distros.get("bookworm") as NonNullable<ReturnType<typeof catalog.distros.get>>
    const twice = { ...catalog, distros: new Map([...catalog.distros, ["bookworm-systemd", { ...bookworm, name: "bookworm-systemd" }]]) }
    expect(() => planRelease(twice, { ...now, ref: "main" })).toThrow(
      "distros/bookworm-systemd/distro.json: name: its image would be helios-kvdi:unstable-bookworm-systemd, as bookworm's is; rename it",
    )
  })
})

test("a tag's twins are its own alone, the oldest first", () => {
  const immutableTag = (time: string) => `unstable-sid-${time}Z-4dc9ceb0b70a`
  const others = ["unstable-sid", "unstable-sid-systemd-20261125T225133Z-4dc9ceb0b70a", "testing-sid-20261125T225133Z-4dc9ceb0b70a"]
  const tags = [immutableTag("20261126T000000"), ...others, immutableTag("20251231T235959"), immutableTag("20261125T225133")]
  expect(immutableTags("unstable-sid", tags)).toEqual([
    immutableTag("20251231T235959"),
    immutableTag("20261125T225133"),
    immutableTag("20261126T000000"),
  ])
})

describe("a release goes forward", () => {
  const release = (tag: string) => ({ repository: "helios", tag }) as ReleaseTarget

  test.each([
    ["v1.2.3-bookworm", []],
    ["v1.2.3-bookworm", ["v1.2.3-bookworm", "v1.2.2-bookworm"]],
    ["v1.10.0-bookworm", ["v1.9.9-bookworm"]],
    ["v1.2.3-bookworm", ["v2.0.0-trixie", "v2.0.0-bookworm-systemd", "v2.0.0-bookworm-20261125T225133Z-4dc9ceb0b70a", "unstable-bookworm"]],
    ["unstable-bookworm", ["v2.0.0-bookworm"]],
  ])("%s after %j is taken", (tag, tags) => {
    assertNoDowngrade(release(tag), tags)
  })

  test("one that is older than what there is, is refused and told of the newest", () => {
    expect(() => assertNoDowngrade(release("v1.9.9-bookworm"), ["v1.10.0-bookworm", "v1.2.0-bookworm", "v1.9.10-bookworm"])).toThrow(
      "helios:v1.9.9-bookworm is a downgrade: v1.10.0-bookworm already exists; release a later version",
    )
  })

  test("of any two versions just one may follow the other", () => {
    const version = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30)).map((parts) => `v${parts.join(".")}-sid`)
    const isTaken = (tag: string, after: string) => {
      try {
        assertNoDowngrade(release(tag), [after])
        return true
      } catch {
        return false
      }
    }
    fc.assert(fc.property(version, version, (a, b) => a === b || isTaken(a, b) !== isTaken(b, a)))
  })
})

test("a release's own and earlier ones of its image, by version and not by letter", () => {
  const all = [
    "v1.10.0-bookworm",
    "v1.2.0-bookworm",
    "v1.2.0-trixie",
    "v2.0.0-bookworm",
    "v1.2.0-bookworm-20261125T000000Z-0123456789ab",
    "sha256-00",
  ]
  const one = { tag: "v1.10.0-bookworm" } as ReleaseTarget
  expect(releaseTags(one, all)).toEqual(["v1.2.0-bookworm", "v1.10.0-bookworm"])
})
