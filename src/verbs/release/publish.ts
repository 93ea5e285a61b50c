import { availableParallelism } from "node:os"
import pLimit from "p-limit"
import { whyEnded } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { digestOf } from "../../core/registry/oci.ts"
import type { Published } from "../../core/release/outcome.ts"
import type { Publication } from "../../core/release/targets.ts"
import { indexOf, type Proven } from "../../core/release/tested.ts"
import type { Registry } from "../registry/registry.ts"
import { each, forward, move } from "./retag.ts"
import { type Checking, checkIndex } from "./verify.ts"

/** Images at once: each smoke test by itself keeps some four cores busy. */
const AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 4))

/** Builds one platform's image, pushes it and tests it there; `before` is the index that the tag names. */
export type PushAndTest = (one: Publication, platform: string, before?: string) => Promise<Proven>

/**
 * Publishes each index whose platforms were all proven: built, scanned, uploaded by digest, pulled by that digest, smoke-tested and
 * signed, and only then joined and tagged. One that fails leaves its tag where it was and doesn't stop the others.
 */
export async function publish(checking: Checking, all: Publication[], test: PushAndTest): Promise<Published[]> {
  const limit = pLimit(AT_ONCE)
  return each(all, async (one) => {
    const before = await present(checking.registry, one)
    const images = await settled(one.platforms.map((platform) => limit(() => proved(test, one, platform, before))))
    const index = indexOf(one, images)
    if (index === before) return { publication: one, state: "unchanged", digest: digestOf(index) }
    return move(checking.registry, one, index, (target, text) => seal(checking, target, text))
  })
}

/** Proves the images of one platform, from where they can be joined with those that another machine proved; throws when one isn't. */
export async function prove(registry: Registry, all: Publication[], platform: string, test: PushAndTest): Promise<Proven[]> {
  const limit = pLimit(AT_ONCE)
  const wanted = all.filter(({ platforms }) => platforms.includes(platform))
  return settled(wanted.map((one) => limit(async () => proved(test, one, platform, await present(registry, one)))))
}

/** Tags the indexes of images that were proven, wherever that was. */
export async function join(checking: Checking, all: Publication[], proven: Proven[]): Promise<Published[]> {
  return each(all, async (one) => {
    await forward(checking.registry, one)
    return move(checking.registry, one, indexOf(one, proven), (target, index) => seal(checking, target, index))
  })
}

/** Signs an index, and checks from outside that it and its images have all that makes them trusted. */
async function seal(checking: Checking, one: Publication, index: string): Promise<void> {
  await checking.signer.sign(one.repository, digestOf(index))
  await checkIndex(checking, one, index)
}

/** All of them, or an error with every reason: a failure on one platform doesn't hide what another has to say. */
async function settled<T>(work: Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(work)
  const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [(outcome.reason as Error).message] : []))
  if (reasons.length) throw new FarmError(reasons.join("\n"))
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []))
}

/** The index that a tag names already, or nothing; throws where a release would go backwards. */
async function present(registry: Registry, one: Publication): Promise<string | undefined> {
  await forward(registry, one)
  return registry.manifest(one.repository, one.tag)
}

/** The same with the image's name in what it throws. */
async function proved(test: PushAndTest, one: Publication, platform: string, before?: string): Promise<Proven> {
  return test(one, platform, before).catch((cause) => {
    throw new FarmError(whyEnded(`${one.repository}:${one.tag} for ${platform}`, cause), { cause })
  })
}
