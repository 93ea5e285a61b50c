import { availableParallelism } from "node:os"
import pLimit from "p-limit"
import { whyEnded } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { plan } from "../../core/plan/plan.ts"
import { digestOf, manifests } from "../../core/registry/oci.ts"
import type { Published } from "../../core/release/outcome.ts"
import type { Publication } from "../../core/release/targets.ts"
import { indexOf, type Proven } from "../../core/release/tested.ts"
import { isPassed, summary } from "../../core/smoke/results.ts"
import { explain, vouch } from "../attest/attest.ts"
import { sign } from "../attest/signer.ts"
import { build } from "../build/build.ts"
import { packed } from "../registry/layout.ts"
import { manifest, pull, push } from "../registry/registry.ts"
import { chosen, smoke } from "../smoke/smoke.ts"
import type { Train } from "./context.ts"
import { each, forward, move } from "./retag.ts"
import { checkIndex } from "./verify.ts"

/** Images at once: each smoke test by itself keeps some four cores busy. */
const AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 4))

/**
 * Publishes each index whose platforms were all proven: built, scanned, uploaded by digest, pulled by that digest, smoke-tested and
 * signed, and only then joined and tagged. One that fails leaves its tag where it was and doesn't stop the others.
 */
export async function publish(train: Train, all: Publication[]): Promise<Published[]> {
  const limit = pLimit(AT_ONCE)
  return each(all, async (one) => {
    const before = await present(train, one)
    const images = await settled(one.platforms.map((platform) => limit(() => proved(train, one, platform, before))))
    const index = indexOf(one, images)
    if (index === before) return { publication: one, state: "unchanged", digest: digestOf(index) }
    return move(train.registry, one, index, (...sealed) => seal(train, ...sealed))
  })
}

/** Proves the images of one platform, from where they can be joined with those that another machine proved; throws when one isn't. */
export async function prove(train: Train, all: Publication[], platform: string): Promise<Proven[]> {
  const limit = pLimit(AT_ONCE)
  const wanted = all.filter(({ platforms }) => platforms.includes(platform))
  return settled(wanted.map((one) => limit(async () => proved(train, one, platform, await present(train, one)))))
}

/** Tags the indexes of images that were proven, wherever that was. */
export async function join(train: Train, all: Publication[], proven: Proven[]): Promise<Published[]> {
  return each(all, async (one) => {
    await forward(train.registry, one)
    return move(train.registry, one, indexOf(one, proven), (...index) => seal(train, ...index))
  })
}

/** Signs an index, and checks from outside that it and its images have all that makes them trusted. */
async function seal({ signer }: Train, one: Publication, index: string): Promise<void> {
  await sign(signer, one.repository, digestOf(index))
  await checkIndex(signer, one, index)
}

/** All of them, or an error with every reason: a failure on one platform doesn't hide what another has to say. */
async function settled<T>(work: Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(work)
  const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [(outcome.reason as Error).message] : []))
  if (reasons.length) throw new FarmError(reasons.join("\n"))
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []))
}

/** The index that a tag names already, or nothing; throws where a release would go backwards. */
async function present({ registry }: Train, one: Publication): Promise<string | undefined> {
  await forward(registry, one)
  return manifest(registry, one.repository, one.tag)
}

/** The same with the image's name in what it throws. */
async function proved(train: Train, one: Publication, platform: string, before?: string): Promise<Proven> {
  return proveOne(train, one, platform, before).catch((cause) => {
    throw new FarmError(whyEnded(`${one.repository}:${one.tag} for ${platform}`, cause), { cause })
  })
}

/** One platform's image: uploaded and proven by digest, unless the tag names that very digest and so it was proven before. */
async function proveOne(train: Train, one: Publication, platform: string, before?: string): Promise<Proven> {
  const { farm, registry, commit, today, asOf, zstd } = train
  const clock = stopwatch()
  const started = new Date().toISOString()
  const { repository, tag } = one
  const wanted = plan(farm.catalog, farm, { distro: one.distro, profile: one.profile, init: one.init, platform, today, asOf })
  const { layout, mediaType, digest, size } = await packed(farm, await build(farm, wanted, { commit }), zstd)
  const result = { repository, tag, platform, mediaType, digest, size }
  if (before !== undefined && manifests(tag, before).some((one) => one.digest === digest)) return result
  const built = { plan: wanted, name: `${repository}:${tag} for ${platform}`, layout, digest, started }
  const made = clock()
  const told = await explain(train, built)
  clock()
  await push(registry, layout, repository, digest)
  const upload = clock()
  const tested = await smoke(farm, wanted, await pull(registry, repository, digest, platform), chosen(wanted, []))
  if (!isPassed(tested.results)) throw new FarmError(`${built.name}: a promise was not kept\n${summary(tested.results)}`)
  await vouch(train, built, told, tested, { build: made, upload, smoke: clock() })
  return result
}

/** Tells the seconds since it was last asked. */
function stopwatch(): () => number {
  let last = Date.now()
  return () => {
    const seconds = (Date.now() - last) / 1000
    last += seconds * 1000
    return seconds
  }
}
