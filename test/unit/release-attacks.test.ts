import { readFileSync } from "node:fs"
import { join as pathOf } from "node:path"
import { expect, test } from "vitest"
import { annotationsOf } from "../../src/core/attest/publication.ts"
import { digestOf, joined, manifests } from "../../src/core/registry/oci.ts"
import type { ReleaseTarget } from "../../src/core/release/targets.ts"
import { promote } from "../../src/verbs/release/promote.ts"
import { join, prove, publish } from "../../src/verbs/release/publish.ts"
import { rollback } from "../../src/verbs/release/rollback.ts"
import { verify } from "../../src/verbs/release/verify.ts"
import { ROOT } from "../support/catalog.ts"
import { Bench, COMMIT, commitOf, only, REPOSITORY, target } from "../support/releases/release.ts"

// Somebody may push to the registry and has no key: what he tries, and the line that it is refused with. docs/trust.md has the same list.
const OLD = commitOf("a")
const unstable = target("unstable")
const released = target("v2.0.0")

/** Lets a tag name an index that the registry has, as its writer can. */
async function point(bench: Bench, tag: string, digest: string): Promise<void> {
  await bench.registry.pushIndex(REPOSITORY, tag, (await bench.registry.manifest(REPOSITORY, digest)) as string)
  bench.registry.writes.length = 0
}

/** What is published honestly before he comes: last year's release, last month's and today's unstable, testing. */
async function honest() {
  const bench = new Bench()
  const at = async (one: ReleaseTarget, commit: string, contents = "") => bench.published(one, commit, contents)
  const release = await at(target("v1.0.0", { commit: OLD }), OLD)
  const month = await at(target("unstable", { commit: OLD }), OLD, "month")
  const now = await at(target("unstable", { minute: 1 }), COMMIT, "now")
  return { bench, release, month, now }
}

/** An index of his own making, whose images say what they like: its digest. */
async function forge(bench: Bench, one: ReleaseTarget, signer = new Bench().signer): Promise<string> {
  const his = Object.assign(new Bench(), { registry: bench.registry, signer })
  const proven = await Promise.all(one.platforms.map((platform) => his.pushAndTest(COMMIT, "forged")(one, platform)))
  const index = joined(new Map(proven.map((image) => [image.platform, image])))
  await bench.registry.pushIndex(REPOSITORY, digestOf(index), index)
  await his.signer.sign(REPOSITORY, digestOf(index), annotationsOf(one))
  return digestOf(index)
}

const verified = async (bench: Bench, one: ReleaseTarget) => only(await verify(bench, [one])).reason
const signed = (one: string, other: string) => RegExp(`: signed as ${one}, not as ${other}: don't run it, and find out who pushed it$`)
const UNSTABLE = "helios:unstable-bookworm from refs/heads/main at 0123456789ab"
const MONTH = "helios:unstable-bookworm from refs/heads/main at a123456789ab"
const RELEASED = "helios:v2.0.0-bookworm from refs/tags/v2.0.0 at 0123456789ab"

type Tried = Awaited<ReturnType<typeof honest>>

const TRIES: [what: string, tries: (tried: Tried) => Promise<string | undefined>, line: RegExp][] = [
  [
    "last year's release under a new version's tag",
    async ({ bench, release }) => {
      await point(bench, "v2.0.0-bookworm", release)
      return verified(bench, released)
    },
    signed("helios:v1.0.0-bookworm from refs/tags/v1.0.0 at a123456789ab", RELEASED),
  ],
  [
    "last month's index under the tag that it had",
    async ({ bench, month }) => {
      await point(bench, unstable.tag, month)
      return verified(bench, unstable)
    },
    signed(MONTH, UNSTABLE),
  ],
  [
    "what unstable has of the same commit as a release that nobody made",
    async ({ bench, now }) => {
      await point(bench, "v2.0.0-bookworm", now)
      return verified(bench, released)
    },
    signed(UNSTABLE, RELEASED),
  ],
  [
    "another image's index",
    async ({ bench }) => {
      const trixie = await bench.published(target("unstable", { distro: "trixie" }))
      await point(bench, unstable.tag, trixie)
      return verified(bench, unstable)
    },
    signed("helios:unstable-trixie from refs/heads/main at 0123456789ab", UNSTABLE),
  ],
  [
    "an index of his own, signed by his own key or by another repository's workflow",
    async ({ bench }) => {
      await point(bench, unstable.tag, await forge(bench, unstable))
      return verified(bench, unstable)
    },
    /: no signatures found$/,
  ],
  [
    "an image in place of its index",
    async ({ bench, now }) => {
      const index = (await bench.registry.manifest(REPOSITORY, now)) as string
      bench.registry.repositories.get(REPOSITORY)?.tags.set(unstable.tag, manifests("it", index)[0]?.digest as string)
      return verified(bench, unstable)
    },
    signed("what has no tag", UNSTABLE),
  ],
  [
    "a branch's images, which its own workflow attested, for the tag to be promoted",
    async ({ bench }) => {
      const topic = { ...unstable, ref: "refs/heads/topic" }
      await point(bench, unstable.tag, await forge(bench, topic, bench.signer))
      return only(await promote(bench, [released], "unstable")).reason
    },
    signed("helios:unstable-bookworm from refs/heads/topic at 0123456789ab", UNSTABLE),
  ],
  [
    "an index that nobody signed for the tag to be promoted",
    async ({ bench, release }) => {
      const index = (await bench.registry.manifest(REPOSITORY, release)) as string
      const labels = bench.registry.repositories.get(REPOSITORY)?.labels
      // He may say of an image what he likes, so that it looks like one of the commit.
      for (const { digest } of manifests("it", index))
        labels?.set(digest, { ...labels.get(digest), "org.opencontainers.image.revision": COMMIT })
      await point(bench, unstable.tag, release)
      return only(await promote(bench, [released], "unstable")).reason
    },
    signed("helios:v1.0.0-bookworm from refs/tags/v1.0.0 at a123456789ab", UNSTABLE),
  ],
  [
    "a proven.json of another commit for `join`",
    async ({ bench }) => {
      const old = target("unstable", { commit: OLD })
      const proven = await Promise.all(old.platforms.map((platform) => prove(bench, [old], platform, bench.pushAndTest(OLD, "older"))))
      bench.registry.writes.length = 0
      return only(await join(bench, [target("unstable", { minute: 2 })], proven.flat())).reason
    },
    /unstable-bookworm for linux\/amd64, sha256:\S+: its label of the commit is of another image: expected 0123456789abcdef0123456789abcdef01234567, got a123456789abcdef0123456789abcdef01234567; don't run it, and find out who pushed it$/,
  ],
  [
    "an immutable tag on another index for `rollback` to go to",
    async ({ bench, release }) => {
      await point(bench, "unstable-bookworm-20261125T000030Z-bbbbbbbbbbbb", release)
      return only(await rollback(bench, [target("unstable", { minute: 3 })])).reason
    },
    signed("helios:v1.0.0-bookworm from refs/tags/v1.0.0 at a123456789ab", "helios:unstable-bookworm from refs/heads/main at bbbbbbbbbbbb"),
  ],
]

test.each(TRIES)("%s is refused in one line, and nothing is written", async (_, tries, line) => {
  const tried = await honest()
  const reason = await tries(tried)
  expect(reason).toMatch(line)
  expect(reason).not.toContain("\n")
  expect(tried.bench.registry.writes).toEqual([])
})

test("they are the ten of docs/trust.md", () => {
  const [, table = ""] = readFileSync(pathOf(ROOT, "docs/trust.md"), "utf8").split("| he tries |")
  const told = [...(table.split("\n\n")[0] as string).matchAll(/^\| (\S.*) \| `(\w+)` \|$/gm)].map(([, what]) => what)
  expect([told.length, told.map((what) => what?.replaceAll("`", ""))]).toEqual([10, TRIES.map(([what]) => what.replaceAll("`", ""))])
})

test("what nobody meddled with is verified", async () => {
  const { bench, now } = await honest()
  expect(only(await verify(bench, [unstable]))).toMatchObject({ digest: now })
})

test("a tag that he moved is put right by the next release of the same commit, as nothing is proven by a tag", async () => {
  const { bench } = await honest()
  await point(bench, unstable.tag, await forge(bench, unstable))
  const again = target("unstable", { minute: 4 })
  expect(only(await publish(bench, [again], bench.pushAndTest(COMMIT, "now"))).state).toBe("published")
  expect(await verified(bench, unstable)).toBe(undefined)
})
