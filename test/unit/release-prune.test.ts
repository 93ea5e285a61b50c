import { describe, expect, test } from "vitest"
import { digestOf, digestsIn } from "../../src/core/registry/oci.ts"
import { checkPrune } from "../../src/core/release/prune.ts"
import { prune } from "../../src/verbs/release/prune.ts"
import { rollback } from "../../src/verbs/release/rollback.ts"
import { verify } from "../../src/verbs/release/verify.ts"
import { Bench, commitOf, only, REPOSITORY, target } from "../support/releases/release.ts"

const commit = (minute: number) => commitOf("abcdef"[minute] as string)
const night = (minute: number, channel = "unstable") => target(channel, { minute, commit: commit(minute) })
const NIGHTS = [0, 1, 2, 3, 4, 5].map((minute) => night(minute))
const one = night(0)

/** A registry with so many nights of a tag: the digest of each. */
async function nights(bench: Bench, count = NIGHTS.length): Promise<string[]> {
  const digests: string[] = []
  for (const [at, each] of NIGHTS.slice(0, count).entries()) digests.push(await bench.published(each, commit(at)))
  return digests
}

const run = (bench: Bench, keep: number, isDry = false) => prune({ registry: bench.registry, cleaner: bench.signer }, [one], keep, isDry)
const stampsOf = async (bench: Bench) => (await bench.registry.tags(REPOSITORY)).filter((tag) => tag !== one.tag).sort()
const stamp = (at: number) => NIGHTS[at]?.immutableTag as string
const imagesOf = async (bench: Bench, digest: string) => digestsIn("it", (await bench.registry.manifest(REPOSITORY, digest)) as string)

describe("prune", () => {
  test("deletes all but the last immutable tags, with their images and what was signed and attested of them", async () => {
    const bench = new Bench()
    const digests = await nights(bench)
    const going = await Promise.all(digests.slice(0, 3).map((digest) => imagesOf(bench, digest)))
    const found = await run(bench, 3)
    expect(found.map(({ tag, needed, failed }) => [tag, needed, failed])).toEqual(
      [0, 1, 2].map((at) => [`helios:${stamp(at)}`, undefined, undefined]),
    )
    expect(await stampsOf(bench)).toEqual([stamp(3), stamp(4), stamp(5)])
    for (const digest of [...digests.slice(0, 3), ...going.flat()]) {
      expect(await bench.registry.manifest(REPOSITORY, digest)).toBe(undefined)
      expect(bench.signer.has(REPOSITORY, digest)).toBe(false)
    }
    for (const digest of digests.slice(3))
      for (const kept of [digest, ...(await imagesOf(bench, digest))]) expect(bench.signer.has(REPOSITORY, kept)).toBe(true)
    expect(await verify(bench, [night(5)])).toMatchObject([{ digest: digests[5] }])
    expect(await run(bench, 3)).toEqual([])
  })

  test("is dry unless it is told otherwise: it says the same and deletes nothing", async () => {
    const [bench, other] = [new Bench(), new Bench()]
    await nights(bench)
    await nights(other)
    expect(await run(bench, 2, true)).toEqual(await run(other, 2))
    expect([bench.registry.writes, await stampsOf(bench)]).toEqual([[], NIGHTS.map(({ immutableTag }) => immutableTag)])
  })

  test("keeps what a rollback goes back to, whatever is to be kept, and that can be gone back to", async () => {
    const bench = new Bench()
    const digests = await nights(bench)
    expect((await run(bench, 1)).map(({ needed }) => needed)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      "a rollback goes back to it",
    ])
    expect(await stampsOf(bench)).toEqual([stamp(4), stamp(5)])
    expect(only(await rollback(bench, [one]))).toMatchObject({ state: "published", digest: digests[4] })
  })

  test("keeps what the tag names after it went back, and what it would go back to then", async () => {
    const bench = new Bench()
    const digests = await nights(bench)
    for (const _ of [1, 2, 3]) await rollback(bench, [one])
    expect(bench.registry.at(REPOSITORY, one.tag)).toBe(digests[2])
    expect((await run(bench, 1)).map(({ needed }) => needed)).toEqual([
      undefined,
      "a rollback goes back to it",
      "unstable-bookworm names it",
      undefined,
      undefined,
    ])
    expect(await stampsOf(bench)).toEqual([stamp(1), stamp(2), stamp(5)])
    expect(only(await rollback(bench, [one]))).toMatchObject({ state: "published", digest: digests[1] })
  })

  test.each(["testing-bookworm", "v1.2.3-bookworm", "stable"])("keeps what %s names, too", async (other) => {
    const bench = new Bench()
    const [first = ""] = await nights(bench)
    await bench.registry.pushIndex(REPOSITORY, other, (await bench.registry.manifest(REPOSITORY, first)) as string)
    expect((await run(bench, 3)).map(({ needed }) => needed)).toEqual([`${other} names it, too`, undefined, undefined])
    expect(await stampsOf(bench)).toContain(stamp(0))
    for (const digest of [first, ...(await imagesOf(bench, first))]) expect(bench.signer.has(REPOSITORY, digest)).toBe(true)
  })

  test("keeps an image that an index that stays has, too, with its signature", async () => {
    const bench = new Bench()
    const arm64 = { ...one, platforms: ["linux/arm64"] }
    const both = await bench.published(one, commit(0))
    const [, shared = ""] = await imagesOf(bench, both)
    const single = await bench.published({ ...arm64, immutableTag: stamp(1) }, commit(0))
    expect(await imagesOf(bench, single)).toEqual([shared])
    await bench.published(night(2), commit(2))
    await run(bench, 2)
    expect(await stampsOf(bench)).toEqual([stamp(1), stamp(2)])
    expect(await bench.registry.manifest(REPOSITORY, shared)).toBeDefined()
    expect(bench.signer.has(REPOSITORY, shared)).toBe(true)
  })

  test("keeps an image that somebody tagged by itself", async () => {
    const bench = new Bench()
    const [first = ""] = await nights(bench)
    const [image = ""] = await imagesOf(bench, first)
    bench.registry.repositories.get(REPOSITORY)?.tags.set("mine", image)
    await run(bench, 3)
    expect(await bench.registry.manifest(REPOSITORY, "mine")).toBeDefined()
    expect(bench.signer.has(REPOSITORY, image)).toBe(true)
  })

  test("deletes what cosign attached by tags, and nothing that hangs on what stays", async () => {
    const bench = new Bench()
    const digests = await nights(bench)
    const tags = digests.map((digest) => `${digest.replace(":", "-")}.sig`)
    for (const tag of tags) {
      const manifest = JSON.stringify({ of: tag })
      bench.registry.put(REPOSITORY, { manifest, labels: {} })
      bench.registry.repositories.get(REPOSITORY)?.tags.set(tag, digestOf(manifest))
    }
    await run(bench, 3)
    expect((await stampsOf(bench)).filter((tag) => tag.endsWith(".sig"))).toEqual(tags.slice(3).sort())
  })

  test("leaves other images', channels' and releases' immutable tags alone", async () => {
    const bench = new Bench()
    const others = [night(0, "testing"), night(1, "testing"), target("v1.2.3"), target("unstable", { distro: "bookworm-systemd" })]
    for (const other of others) await bench.published(other, commitOf("9"), other.immutableTag)
    const before = await stampsOf(bench)
    await nights(bench, 3)
    await run(bench, 1)
    expect(await stampsOf(bench)).toEqual(expect.arrayContaining(before))
  })

  test("says why a registry doesn't delete, in one line each, and leaves signatures where that was refused", async () => {
    const bench = new Bench()
    const [first = ""] = await nights(bench, 2)
    bench.registry.before = (operation) => {
      if (operation === "remove") throw new Error("the operation is unsupported")
    }
    const [failed, ...rest] = await run(bench, 1)
    expect([failed?.needed, rest]).toEqual(["a rollback goes back to it", []])
    await bench.published(night(2), commit(2))
    const [refused] = await run(bench, 1)
    expect(refused).toMatchObject({ digest: first, failed: "the operation is unsupported" })
    const cleaner = { clean: () => Promise.reject(new Error("denied")) }
    expect(await prune({ registry: bench.registry, cleaner }, [one], 1, false)).toMatchObject([{ failed: "denied" }, {}])
  })

  test("what is deleted between the list and the reading is no error", async () => {
    const bench = new Bench()
    await nights(bench)
    bench.registry.before = (operation) => {
      if (operation === "manifest") bench.registry.delete(REPOSITORY, stamp(1))
    }
    expect((await run(bench, 3)).map(({ tag }) => tag)).toEqual([`helios:${stamp(0)}`, `helios:${stamp(2)}`])
  })
})

test.each([0, -1, 1.5, Number.NaN])("--keep=%s is refused", (keep) => {
  expect(() => checkPrune({ ref: "main", targets: [one] }, keep)).toThrow(
    `--keep=${keep}: expected how many of each tag's indexes stay, 1 or more`,
  )
})

test("a release is refused", () => {
  expect(() => checkPrune({ ref: "refs/tags/v1.2.3", targets: [target("v1.2.3")] }, 3)).toThrow(
    "--ref=refs/tags/v1.2.3: a release is kept for good; prune main or testing",
  )
})
