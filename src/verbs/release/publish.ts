import { availableParallelism } from "node:os"
import pLimit from "p-limit"
import { imageFailure } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { digestOf } from "../../core/registry/oci.ts"
import type { TargetOutcome } from "../../core/release/outcome.ts"
import type { ReleaseTarget } from "../../core/release/targets.ts"
import { indexOf, type TestedImage } from "../../core/release/tested.ts"
import { step } from "../step.ts"
import { approve, isSigned, type MoveContext, refuseDowngrade, retag, settleEach } from "./retag.ts"
import type { VerifyContext } from "./verify.ts"

/** Images at once: each smoke test by itself keeps some four cores busy. */
const AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 4))

/** Builds one platform's image, pushes it and tests it there; `before` is the index that the tag names. */
export type PushAndTest = (one: ReleaseTarget, platform: string, before?: string) => Promise<TestedImage>

/**
 * Publishes each target: every platform is built, scanned, pushed by digest, pulled by that digest, smoke-tested and signed, and only
 * then joined to an index and tagged. One that fails leaves its tag where it was and doesn't stop the others.
 */
export async function publish(context: MoveContext, all: ReleaseTarget[], test: PushAndTest): Promise<TargetOutcome[]> {
  const limit = pLimit(AT_ONCE)
  return settleEach(all, async (one) => {
    const before = await currentIndex(context, one)
    const images = await settleAll(one.platforms.map((platform) => limit(() => testImage(test, one, platform, before))))
    const index = indexOf(one, images)
    if (index === before) return { target: one, state: "unchanged", digest: digestOf(index) }
    return tagAndSign(context, one, index)
  })
}

/** Builds, pushes and smoke-tests one platform's images; `join` combines the results of several machines. Throws if one fails. */
export async function prove(context: VerifyContext, all: ReleaseTarget[], platform: string, test: PushAndTest): Promise<TestedImage[]> {
  const limit = pLimit(AT_ONCE)
  const wanted = all.filter(({ platforms }) => platforms.includes(platform))
  return settleAll(wanted.map((one) => limit(async () => testImage(test, one, platform, await currentIndex(context, one)))))
}

/** Joins images that were tested, on whatever machines, to indexes, and tags those. */
export async function join(context: MoveContext, all: ReleaseTarget[], proven: TestedImage[]): Promise<TargetOutcome[]> {
  return settleEach(all, async (one) => {
    await refuseDowngrade(context.registry, one)
    return tagAndSign(context, one, indexOf(one, proven))
  })
}

/** Signs an index, and lets the immutable tag and then the tag name it. */
async function tagAndSign(context: MoveContext, one: ReleaseTarget, index: string): Promise<TargetOutcome> {
  return step(`${one.repository}:${one.tag}: sign and tag`, () => retag(context.registry, one, index, () => approve(context, one, index)))
}

/** Waits for all of them; throws one error with every reason, so that no failure hides another. */
async function settleAll<T>(work: Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(work)
  const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [(outcome.reason as Error).message] : []))
  if (reasons.length) throw new FarmError(reasons.join("\n"))
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []))
}

/** The index that a tag names already, if it was signed as that and so was proven; throws for a downgrade. */
async function currentIndex(context: VerifyContext, one: ReleaseTarget): Promise<string | undefined> {
  await refuseDowngrade(context.registry, one)
  const text = await context.registry.manifest(one.repository, one.tag)
  return text !== undefined && (await isSigned(context, one, text)) ? text : undefined
}

/** Builds, pushes and tests one platform's image, with its name in every error. */
async function testImage(test: PushAndTest, one: ReleaseTarget, platform: string, before?: string): Promise<TestedImage> {
  return test(one, platform, before).catch((cause) => {
    throw new FarmError(imageFailure(`${one.repository}:${one.tag} for ${platform}`, cause), { cause })
  })
}
