import { beforeEach, describe, expect, test, vi } from "vitest"
import { assertEntry, beyond, ENTRIES, entrySigned } from "../../src/core/attest/entry.ts"
import { keyOf, type Slice } from "../../src/core/plan/parts.ts"
import type { Plan } from "../../src/core/plan/plan.ts"
import { digestOf, joined } from "../../src/core/registry/oci.ts"
import { openFarm, type StoreOptions } from "../../src/verbs/farm.ts"
import { entries, prune } from "../../src/verbs/store/keep.ts"
import { openStocked, type Store, taking } from "../../src/verbs/store/open.ts"
import { MemoryRegistry, MemorySigner } from "../support/releases/memory-registry.ts"

vi.mock("@dagger.io/dagger", () => ({ dag: {}, ReturnType: {}, CacheSharingMode: {} }))

const sliceOf = (commit: string): Slice => ({
  name: "xorg-21.1.4",
  platform: "linux/amd64",
  sources: { xorg: { name: "xorg", repo: "https://x.test", ref: "main", commit } },
  patches: [],
  files: {},
  settings: {},
  on: [],
})
const SLICES = ["a", "b", "c"].map(sliceOf) as [Slice, Slice, Slice]
const KEYS = SLICES.map(keyOf) as [string, string, string]
const PLAN = {} as Plan
const warned: string[] = []
let registry: MemoryRegistry
let signer: MemorySigner
const store = () => ({ registry, signer }) as unknown as Store
const take = (slice = SLICES[0]) => taking(async () => store(), "registry.test/path").take(PLAN, slice)

/** An entry as a push leaves it: the digest of its index. */
async function entry(key: string, content = key, name = "xorg", created = "2026-11-30T00:00:00Z"): Promise<string> {
  const manifest = `{"of":"${content}"}`
  registry.put(ENTRIES, { manifest, labels: {} })
  const image = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: digestOf(manifest), size: manifest.length }
  const annotations = { "org.opencontainers.image.title": name, "org.opencontainers.image.created": created }
  const index = joined(new Map([["linux/amd64", image]]), annotations)
  await registry.pushIndex(ENTRIES, key, index)
  await signer.sign(ENTRIES, digestOf(index), entrySigned(key))
  return digestOf(index)
}

beforeEach(() => {
  warned.length = 0
  registry = new MemoryRegistry()
  signer = new MemorySigner(registry)
  registry.pull = async (_, digest) => ({ rootfs: () => digest }) as never
  vi.spyOn(console, "warn").mockImplementation((line) => void warned.push(line))
  vi.spyOn(console, "log").mockImplementation(() => undefined)
})

describe("an entry", () => {
  test("that is signed as its key is taken, in silence", async () => {
    const digest = await entry(KEYS[0])
    expect(await take()).toBe(digest)
    expect(warned).toEqual([])
  })

  test("is told to be part of the plan that took it, and of no other", async () => {
    const digests = [await entry(KEYS[0]), await entry(KEYS[1])]
    const opened = taking(async () => store(), "registry.test/path")
    for (const slice of [SLICES[1], SLICES[2], { ...SLICES[0] }]) await opened.take(PLAN, slice)
    const address = (key: string) => registry.address(ENTRIES, key)
    expect(opened.takenFor(PLAN)).toEqual([
      { name: "xorg-21.1.4", address: address(KEYS[1]), digest: digests[1] },
      { name: "xorg-21.1.4", address: address(KEYS[0]), digest: digests[0] },
    ])
    expect(opened.takenFor({} as Plan)).toEqual([])
  })

  test("that isn't there is built, in silence", async () => {
    expect(await take()).toBe(undefined)
    expect(warned).toEqual([])
  })

  test("that nobody signed is built, and told", async () => {
    signer.unsign(ENTRIES, await entry(KEYS[0]))
    expect(await take()).toBe(undefined)
    expect(warned).toEqual([expect.stringMatching(/^xorg-21\.1\.4, the store's entry [0-9a-f]{12}: .*; it is built in its place$/)])
  })

  test("with another key's content is built, and told", async () => {
    await entry(KEYS[1])
    await registry.pushIndex(ENTRIES, KEYS[0], (await registry.manifest(ENTRIES, KEYS[1])) as string)
    expect(await take()).toBe(undefined)
    expect(warned[0]).toMatch(/signed for the key [0-9a-f]{12}, not for this one; it is built in its place$/)
  })

  test("that is signed as something else of the same account's is built, and told", async () => {
    const digest = await entry(KEYS[0])
    signer.unsign(ENTRIES, digest)
    await signer.sign(ENTRIES, digest, { repository: "helios", tag: KEYS[0] })
    expect(await take()).toBe(undefined)
    expect(warned[0]).toMatch(/not for this one/)
  })

  test("is pulled by the digest that was signed, whatever its tag names by then", async () => {
    const digest = await entry(KEYS[0])
    const signedUnder = signer.signedUnder.bind(signer)
    signer.signedUnder = async (...asked) => {
      const signed = await signedUnder(...asked)
      await entry(KEYS[0], "another")
      return signed
    }
    expect(await take()).toBe(digest)
  })

  test("that can't be pulled is built, and told", async () => {
    await entry(KEYS[0])
    registry.pull = async () => {
      throw new Error("unexpected EOF")
    }
    expect(await take()).toBe(undefined)
    expect(warned[0]).toMatch(/unexpected EOF; it is built in its place/)
  })
})

describe("a store", () => {
  test("that doesn't answer is told once, and asked no more", async () => {
    let asked = 0
    const store = taking(async () => {
      asked++
      throw new Error("connection refused")
    }, "registry.test/path")
    expect(await Promise.all(SLICES.map((slice) => store.take(PLAN, slice)))).toEqual([undefined, undefined, undefined])
    expect([asked, warned]).toEqual([1, ["the store registry.test/path is of no use: connection refused; it is built in its place"]])
  })

  test("that gives nothing is waited for five minutes", async () => {
    vi.useFakeTimers()
    await entry(KEYS[0])
    registry.pull = () => new Promise(() => undefined)
    const taken = take()
    await vi.advanceTimersByTimeAsync(301_000)
    expect(await taken).toBe(undefined)
    expect(warned[0]).toMatch(/no answer within 300 s; it is built in its place/)
    vi.useRealTimers()
  })

  test.each<[StoreOptions, RegExp]>([
    [
      { storeAt: '{"repository":"ghcr.io/studio"}' },
      /^--store=ghcr.io\/studio: an entry is worth what its signature is: expected --store-key=cosign.pub, or/,
    ],
    [{ storeAt: '{"repository":"ghcr.io/studio","identity":"^https"}', storeKey: {} as never }, /and not both$/],
    [{ storeAt: '{"repository":"studio"}', storeKey: {} as never }, /^--store=studio: expected HOST\/PATH/],
    [{ storeAt: '{"identity":"^https"}' }, /^--store-key, --store-identity and the like go with --store=HOST\/PATH/],
    [{ storeKey: {} as never }, /go with --store=HOST\/PATH/],
    [{ storeAt: '{"repository":"ghcr.io/studio","identity":"("}' }, /^--identity=\(: expected a regular expression/],
  ])("of %j is refused", async (options, says) => {
    await expect(openStocked(options)).rejects.toThrow(says)
  })

  test("none is none", async () => {
    expect((await openStocked({ storeAt: "{}" })).store).toBe(undefined)
    expect((await openFarm()).store).toBe(undefined)
  })
})

test("an entry's signature counts for its key alone", () => {
  expect(() => assertEntry("it", [{}, entrySigned(KEYS[0])], KEYS[0])).not.toThrow()
  expect(() => assertEntry("it", [{}], KEYS[0])).toThrow("it: signed for what has no key, not for this one")
})

describe("pruning", () => {
  const cleaner = { clean: vi.fn(async () => undefined) }

  test("keeps the last ones of each name, and what they have in common with those that go", async () => {
    await entry(KEYS[0], "same", "xorg", "2026-11-01")
    const kept = await entry(KEYS[1], "same", "xorg", "2026-11-02")
    await entry(KEYS[2], "other", "s6", "2026-10-01")
    expect((await entries(registry)).map(({ key }) => key)).toEqual([KEYS[2], KEYS[0], KEYS[1]])
    const before = registry.writes.length
    expect(await prune({ registry, cleaner }, 1, true)).toEqual([`would delete ${KEYS[0]} xorg`])
    expect(registry.writes.length).toBe(before)
    expect(await prune({ registry, cleaner }, 1, false)).toEqual([`deleted ${KEYS[0]} xorg`])
    expect(registry.writes.slice(before)).toEqual([expect.stringMatching(`remove ${ENTRIES} sha256:`)])
    expect((await registry.tags(ENTRIES)).sort()).toEqual([KEYS[1], KEYS[2]].sort())
    expect(await take(SLICES[1])).toBe(kept)
  })

  test.each([0, -1, 1.5])("--keep=%j is refused", (keep) => {
    expect(() => beyond([], keep)).toThrow(`--keep=${keep}: expected how many entries of each name stay, 1 or more`)
  })
})
