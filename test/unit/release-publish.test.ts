import { describe, expect, test } from "vitest"
import { registryError } from "../../src/core/registry/answers.ts"
import type { ReleaseTarget } from "../../src/core/release/targets.ts"
import { publish } from "../../src/verbs/release/publish.ts"
import { verify } from "../../src/verbs/release/verify.ts"
import { Bench, COMMIT, commitOf, only, REPOSITORY, target } from "../support/releases/release.ts"

const LATER = commitOf("f")
const unstable = target("unstable")
const release = target("v1.2.3")

const tagsOf = (bench: Bench) => bench.registry.tags(REPOSITORY)

describe("publish", () => {
  const run = async (bench: Bench, one: ReleaseTarget, commit = COMMIT, contents = "") =>
    only(await publish(bench, [one], bench.pushAndTest(commit, contents)))

  test("pushes and tests each platform, then lets the immutable tag and the tag name their index, which is signed", async () => {
    const bench = new Bench()
    const outcome = await run(bench, unstable)
    expect(outcome).toMatchObject({ state: "published", digest: bench.registry.at(REPOSITORY, "unstable-bookworm") })
    expect(bench.tested).toEqual(["linux/amd64", "linux/arm64"])
    expect(bench.registry.writes.map((line) => line.replace(/sha256:\S+/, "DIGEST"))).toEqual([
      "pushImage helios DIGEST",
      "pushImage helios DIGEST",
      "pushIndex helios DIGEST",
      "pushIndex helios unstable-bookworm-20261125T000000Z-0123456789ab",
      "pushIndex helios unstable-bookworm",
    ])
    expect(await verify(bench, [unstable])).toMatchObject([{ digest: outcome.digest }])
  })

  test("the same index again is unchanged, and not one tag is written", async () => {
    const bench = new Bench()
    const digest = await bench.published(unstable)
    expect(await run(bench, target("unstable", { minute: 1 }))).toMatchObject({ state: "unchanged", digest })
    expect(bench.registry.writes.filter((line) => line.startsWith("pushIndex"))).toEqual([])
  })

  test("a platform that fails its test leaves the tag where it was, and the other one is tested too", async () => {
    const bench = new Bench()
    const digest = await bench.published(unstable)
    bench.broken.add("linux/amd64")
    const outcome = await run(bench, target("unstable", { minute: 1 }), LATER)
    expect(outcome.state).toBe("failed")
    expect(outcome.reason).toMatch(/^helios:unstable-bookworm for linux\/amd64: a promise was not kept/)
    expect([bench.registry.at(REPOSITORY, unstable.tag), bench.tested]).toEqual([digest, ["linux/amd64", "linux/arm64"]])
  })

  test("one target that fails doesn't stop the others", async () => {
    const bench = new Bench()
    const trixie = target("unstable", { distro: "trixie", platforms: ["linux/amd64"] })
    bench.broken.add("linux/arm64")
    const outcomes = await publish(bench, [unstable, trixie], bench.pushAndTest())
    expect(outcomes.map(({ state }) => state)).toEqual(["failed", "published"])
  })

  test("a released tag never names another index", async () => {
    const bench = new Bench()
    const digest = await bench.published(release)
    const outcome = await run(bench, target("v1.2.3", { minute: 1 }), LATER)
    expect([outcome.state, outcome.reason]).toEqual([
      "failed",
      expect.stringContaining(`v1.2.3-bookworm already exists with another digest, ${digest}`),
    ])
    expect(bench.registry.at(REPOSITORY, "v1.2.3-bookworm")).toBe(digest)
  })

  test("a downgrade is refused before anything is built", async () => {
    const bench = new Bench()
    await bench.published(target("v1.10.0"))
    const outcome = await run(bench, target("v1.9.0"))
    expect([outcome.state, outcome.reason]).toEqual([
      "failed",
      expect.stringContaining("v1.10.0-bookworm already exists; release a later version"),
    ])
    expect(bench.tested).toEqual([])
  })

  test.each(["v2024.01.15-bookworm", "v1.2.03-bookworm", "latest", "v9-bookworm", "sha256-00.sig"])(
    "a foreign tag such as %s is no release of the farm's and stops none",
    async (tag) => {
      const bench = new Bench()
      await bench.published(target("unstable"), COMMIT, "theirs", [tag])
      expect(await run(bench, release)).toMatchObject({ state: "published" })
    },
  )

  test("a tag that somebody else moves meanwhile is told of, with what this made", async () => {
    const bench = new Bench()
    const theirs = await bench.published(unstable, commitOf("e"))
    const text = (await bench.registry.manifest(REPOSITORY, theirs)) as string
    bench.registry.before = (operation, repository, reference) => {
      const isDone = operation === "manifest" && reference === unstable.tag && bench.registry.writes.at(-1)?.endsWith(` ${unstable.tag}`)
      if (!isDone) return
      bench.registry.before = () => undefined
      return bench.registry.pushIndex(repository, reference, text)
    }
    const outcome = await run(bench, target("unstable", { minute: 1, commit: LATER }), LATER)
    expect([outcome.state, outcome.reason]).toEqual([
      "failed",
      expect.stringMatching(
        /unstable-bookworm was moved by someone else meanwhile; this run's index is unstable-bookworm-20261125T000100Z-f123456789ab/,
      ),
    ])
    expect(bench.registry.at(REPOSITORY, unstable.tag)).toBe(theirs)
  })

  test("two releases of one tag at once both test their images, and the tag names the index of one that says so", async () => {
    const bench = new Bench()
    const commits = [commitOf("a"), commitOf("b")]
    const both = await Promise.all(
      commits.map(async (commit) => only(await publish(bench, [target("unstable", { commit })], bench.pushAndTest(commit)))),
    )
    const named = bench.registry.at(REPOSITORY, unstable.tag)
    expect(both.filter(({ state }) => state === "published").map(({ digest }) => digest)).toContain(named)
    for (const { state, digest, reason = "" } of both)
      if (digest !== named) expect([state, reason]).toEqual(["failed", expect.stringContaining("was moved by someone else meanwhile")])
    expect((await tagsOf(bench)).filter((tag) => tag !== unstable.tag)).toHaveLength(2)
  })

  test.each([
    "received unexpected HTTP status: 412 Precondition Failed",
    "received unexpected HTTP status: 409 Conflict",
    "tag invalid: The image tag already exists and cannot be overwritten because the repository is immutable.",
    "unexpected status code 403 Forbidden",
  ])("a repository where tags may not move, as %s says, has the immutable tag, and one line says so", async (said) => {
    const bench = new Bench()
    const digest = await bench.published(unstable)
    bench.registry.before = (operation, _, reference) => {
      if (operation === "pushIndex" && reference === unstable.tag) throw registryError("registry.test/path/helios:unstable-bookworm", said)
    }
    const one = target("unstable", { minute: 1, commit: LATER })
    expect(await run(bench, one, LATER)).toMatchObject({
      state: "failed",
      reason: `helios:unstable-bookworm stays, and what was proven is ${one.immutableTag}: ${said}; this repository forbids moving tags: allow it for unstable-* and testing-*, and run it again`,
    })
    expect(bench.registry.at(REPOSITORY, unstable.tag)).toBe(digest)
    expect(bench.registry.at(REPOSITORY, one.immutableTag)).toMatch(/^sha256:/)
  })

  test("a registry that refuses a tag that is new tells its own reason", async () => {
    const bench = new Bench()
    bench.registry.before = (operation, _, reference) => {
      if (operation === "pushIndex" && reference === unstable.tag) throw registryError("it", "unexpected status code 403 Forbidden")
    }
    expect((await run(bench, unstable)).reason).toContain("the registry rejected the credentials")
  })

  test("a registry that fails half-way leaves the tag, and the same again finishes it", async () => {
    const bench = new Bench()
    const digest = await bench.published(unstable)
    bench.registry.before = (operation, _, reference) => {
      if (operation === "pushIndex" && reference === unstable.tag) throw new Error("connection reset by peer")
    }
    const one = target("unstable", { commit: LATER, minute: 1 })
    const cut = await run(bench, one, LATER)
    expect([cut.state, cut.reason]).toEqual(["failed", expect.stringContaining("connection reset by peer")])
    expect(bench.registry.at(REPOSITORY, unstable.tag)).toBe(digest)
    bench.registry.before = () => undefined
    expect((await run(bench, target("unstable", { commit: LATER, minute: 2 }), LATER)).state).toBe("published")
  })

  test("an index that lost its image in the registry isn't tagged", async () => {
    const bench = new Bench()
    const lost = async (one: ReleaseTarget, platform: string) => {
      const image = await bench.pushAndTest()(one, platform)
      bench.registry.delete(REPOSITORY, image.digest)
      return image
    }
    const outcome = only(await publish(bench, [unstable], lost))
    expect([outcome.state, outcome.reason]).toEqual(["failed", expect.stringContaining("manifest unknown")])
    expect(await tagsOf(bench)).toEqual([])
  })

  test("an index without what is attested of its images isn't tagged", async () => {
    const bench = new Bench()
    const silent = Object.assign(new Bench(), { registry: bench.registry })
    const outcome = only(await publish(bench, [unstable], silent.pushAndTest()))
    expect([outcome.state, outcome.reason]).toEqual(["failed", expect.stringContaining("no signatures found")])
    expect(await tagsOf(bench)).toEqual([])
  })
})
