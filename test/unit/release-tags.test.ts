import { describe, expect, test, vi } from "vitest"
import { registryError } from "../../src/core/registry/answers.ts"
import { digestOf, manifests } from "../../src/core/registry/oci.ts"
import type { ReleaseTarget } from "../../src/core/release/targets.ts"
import { join, prove, publish } from "../../src/verbs/release/publish.ts"
import { rollback } from "../../src/verbs/release/rollback.ts"
import { verify } from "../../src/verbs/release/verify.ts"
import { Bench, commitOf, only, REPOSITORY, target } from "../support/releases/release.ts"

const LATER = commitOf("f")
const unstable = target("unstable")
const release = target("v1.2.3")

const tagsOf = (bench: Bench) => bench.registry.tags(REPOSITORY)

describe("join", () => {
  test("tags what two machines tested, as publish does on one", async () => {
    const [bench, whole] = [new Bench(), new Bench()]
    const parts = await Promise.all(
      ["linux/arm64", "linux/amd64"].map((platform) => prove(bench, [release], platform, bench.pushAndTest())),
    )
    expect(await tagsOf(bench)).toEqual([])
    const joined = only(await join(bench, [release], parts.flat()))
    const published = only(await publish(whole, [release], whole.pushAndTest()))
    expect([joined.state, joined.digest]).toEqual(["published", published.digest])
    expect(only(await join(bench, [release], parts.flat()))).toMatchObject({ state: "unchanged", digest: joined.digest })
  })

  test("a platform that no machine tested keeps the tag away", async () => {
    const bench = new Bench()
    const half = await prove(bench, [release], "linux/amd64", bench.pushAndTest())
    const outcome = only(await join(bench, [release], half))
    expect([outcome.state, outcome.reason]).toEqual(["failed", expect.stringContaining("linux/arm64")])
    expect(await tagsOf(bench)).toEqual([])
  })

  test.each<[string, string, (bench: Bench) => unknown]>([
    ["that nobody attested", "no signatures found", (bench) => Object.assign(bench, { signer: new Bench().signer })],
    ["with a hole that is known since", "CVE-2099-0002", (bench) => bench.known.set("", "CVE-2099-0002")],
  ])("images %s are refused before their index is signed, and nothing is written", async (_, says, change) => {
    const bench = new Bench()
    const parts = await Promise.all(release.platforms.map((platform) => prove(bench, [release], platform, bench.pushAndTest())))
    bench.registry.writes.length = 0
    await change(bench)
    const signs = vi.spyOn(bench.signer, "sign")
    expect(only(await join(bench, [release], parts.flat())).reason).toContain(says)
    expect([bench.registry.writes, signs.mock.calls]).toEqual([[], []])
  })

  test("a version that images don't name is refused, where it is known", async () => {
    const bench = new Bench()
    const of = (tag: string) => target(tag, { version: "0.1.0" })
    const joinOf = async (one: ReleaseTarget) => {
      const parts = await Promise.all(one.platforms.map((platform) => prove(bench, [one], platform, bench.pushAndTest())))
      return only(await join(bench, [one], parts.flat()))
    }
    expect(await joinOf(of("v1.2.3"))).toMatchObject({ state: "published" })
    expect((await joinOf(of("v1.2.4"))).reason).toContain("its label of the version is of another image: expected 1.2.4, got 1.2.3")
  })

  test("a downgrade is refused, also if it was none when it was tested", async () => {
    const bench = new Bench()
    const parts = await Promise.all(unstable.platforms.map((platform) => prove(bench, [target("v1.2.3")], platform, bench.pushAndTest())))
    await bench.published(target("v1.3.0"), LATER)
    expect(only(await join(bench, [release], parts.flat())).reason).toContain("v1.3.0-bookworm already exists")
  })

  test("a platform that a target doesn't have is no work, and one that failed is an error with every reason", async () => {
    const bench = new Bench()
    const amd64 = target("unstable", { platforms: ["linux/amd64"] })
    expect(await prove(bench, [amd64], "linux/arm64", bench.pushAndTest())).toEqual([])
    bench.broken.add("linux/arm64")
    await expect(prove(bench, [unstable], "linux/arm64", bench.pushAndTest())).rejects.toThrow(
      /^helios:unstable-bookworm for linux\/arm64: a promise was not kept/,
    )
  })
})

describe("rollback", () => {
  /** A channel's tag after three publications, the last of which it names. */
  async function thrice() {
    const bench = new Bench()
    const targets = ["a", "b", "c"].map((letter, minute) => target("unstable", { commit: commitOf(letter), minute }))
    const digests = []
    for (const one of targets) digests.push(await bench.published(one, one.immutableTag.slice(-12)))
    return { bench, targets, digests }
  }

  test("goes back one index each time, and no further than there are immutable tags", async () => {
    const { bench, digests } = await thrice()
    for (const digest of [digests[1], digests[0]]) {
      expect(only(await rollback(bench, [unstable]))).toMatchObject({ state: "published", digest })
      expect(bench.registry.at(REPOSITORY, unstable.tag)).toBe(digest)
    }
    expect(only(await rollback(bench, [unstable])).reason).toContain("has no earlier index to go back to")
  })

  test("skips an immutable tag that somebody deleted between list and read", async () => {
    const { bench, targets, digests } = await thrice()
    const immutableTag = targets[1]?.immutableTag as string
    bench.registry.before = (operation, repository, reference) => {
      if (operation === "manifest" && reference === immutableTag) bench.registry.delete(repository, immutableTag)
    }
    expect(only(await rollback(bench, [unstable]))).toMatchObject({ state: "published", digest: digests[0] })
  })

  test("goes nowhere if the immutable tag of what is there was deleted", async () => {
    const { bench, targets } = await thrice()
    bench.registry.delete(REPOSITORY, targets[2]?.immutableTag as string)
    expect(only(await rollback(bench, [unstable]))).toMatchObject({ state: "failed" })
  })

  test("never moves a release", async () => {
    const bench = new Bench()
    await bench.published(release)
    expect(only(await rollback(bench, [release])).reason).toContain("v1.2.3-bookworm is a release, whose tag never moves")
  })
})

describe("verify", () => {
  const failed = async (bench: Bench) => only(await verify(bench, [unstable])).reason

  test("says what a tag names and what is attested of each platform", async () => {
    const bench = new Bench()
    const digest = await bench.published(unstable)
    const { images, ...one } = only(await verify(bench, [unstable]))
    expect([one, [...images.keys()]]).toEqual([{ target: unstable, digest }, ["linux/amd64", "linux/arm64"]])
  })

  test("refuses a tag that isn't there, an index without a platform, one that nobody signed, and one whose image was deleted", async () => {
    const bench = new Bench()
    expect(await failed(bench)).toContain("unstable-bookworm doesn't exist: publish it first")
    await bench.published(target("unstable", { platforms: ["linux/amd64"] }))
    expect(await failed(bench)).toContain("unstable-bookworm has no image for linux/arm64")
    await bench.published(unstable)
    expect(await failed(Object.assign(new Bench(), { registry: bench.registry }))).toContain("no signatures found")
    const index = (await bench.registry.manifest(REPOSITORY, unstable.tag)) as string
    bench.registry.delete(REPOSITORY, manifests("it", index)[0]?.digest as string)
    expect(await failed(bench)).toContain("manifest unknown")
    expect(digestOf(index)).toBe(bench.registry.at(REPOSITORY, unstable.tag))
  })
})

test.each([
  ["received unexpected HTTP status: 502 Bad Gateway", "failed", "the registry failed: check its logs", []],
  ["MANIFEST_UNKNOWN: manifest unknown", "published", undefined, ["linux/amd64", "linux/arm64"]],
])("what a tag names isn't taken for unsigned if the registry says %s of its signature, but if it has none: %s", async (said, ...then) => {
  const [state, reason, tested] = then
  const bench = new Bench()
  const digest = await bench.published(unstable)
  bench.tested.length = 0
  const { signatures } = bench.signer
  bench.signer.signatures = async (repository, asked) => {
    if (asked === digest) throw registryError(`${repository}@${asked}`, said)
    return signatures.call(bench.signer, repository, asked)
  }
  const outcome = only(await publish(bench, [target("unstable", { commit: LATER, minute: 1 })], bench.pushAndTest(LATER)))
  expect([outcome.state, bench.tested]).toEqual([state, tested])
  if (reason) expect(outcome.reason).toContain(reason)
})
