import { imageFailure } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { digestOf } from "../../core/registry/oci.ts"
import type { TargetOutcome } from "../../core/release/outcome.ts"
import { assertNoDowngrade, isReleaseTarget, type ReleaseTarget } from "../../core/release/targets.ts"
import type { Registry } from "../registry/registry.ts"

/** Checks an index that is in the registry before a tag names it; throws if it may not be tagged. */
export type Condition = (target: ReleaseTarget, index: string) => Promise<unknown>

/**
 * Points a tag at an index whose images are already pushed; the immutable tag comes first. Does nothing if the tag names the index already.
 * Throws if the tag is a release's and names another index, or if somebody else moved it meanwhile.
 */
export async function retag(registry: Registry, target: ReleaseTarget, index: string, condition?: Condition): Promise<TargetOutcome> {
  const { repository, tag, immutableTag } = target
  const digest = digestOf(index)
  const before = await digestOfTag(registry, repository, tag)
  if (before === digest) return { target, state: "unchanged", digest }
  if (before && isReleaseTarget(target))
    throw new FarmError(
      `${repository}:${tag} already exists with another digest, ${before}: a released tag never changes; release a later version`,
    )
  if (condition) {
    await registry.pushIndex(repository, digest, index)
    await condition(target, index)
  }
  for (const name of [immutableTag, tag]) await registry.pushIndex(repository, name, index)
  if ((await digestOfTag(registry, repository, tag)) !== digest)
    throw new FarmError(
      `${repository}:${tag} was moved by someone else meanwhile; this run's index is ${immutableTag}: find out who else publishes there`,
    )
  return { target, state: "published", digest }
}

/** Throws if the registry has a later release of the same image; tags of channels may go back. */
export async function refuseDowngrade(registry: Registry, one: ReleaseTarget): Promise<void> {
  if (isReleaseTarget(one)) assertNoDowngrade(one, await registry.tags(one.repository))
}

/** Works on all targets, so that none stops another: the outcome of each. */
export async function settleEach(all: ReleaseTarget[], work: (one: ReleaseTarget) => Promise<TargetOutcome>): Promise<TargetOutcome[]> {
  return Promise.all(
    all.map((target) =>
      work(target).catch(
        (cause): TargetOutcome => ({ target, state: "failed", reason: imageFailure(`${target.repository}:${target.tag}`, cause) }),
      ),
    ),
  )
}

/** The digest that a tag names, or undefined if it doesn't exist. */
export async function digestOfTag(registry: Registry, repository: string, tag: string): Promise<string | undefined> {
  const text = await registry.manifest(repository, tag)
  return text === undefined ? undefined : digestOf(text)
}
