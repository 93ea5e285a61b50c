import { annotationsOf, type Publication } from "../../core/attest/publication.ts"
import { imageFailure } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { isAbsent, RegistryError } from "../../core/registry/answers.ts"
import { digestOf } from "../../core/registry/oci.ts"
import type { TargetOutcome } from "../../core/release/outcome.ts"
import { assertNoDowngrade, isReleaseTarget, type ReleaseTarget } from "../../core/release/targets.ts"
import type { Registry } from "../registry/registry.ts"
import { checkImages, checkSigned, type VerifyContext } from "./verify.ts"

/** What tags are moved with. */
export interface MoveContext extends VerifyContext {
  /** Throws if an image's SBOM, less what its VEX document answers, has what blocks a release today. */
  judge(what: string, bill: unknown, statements: unknown): Promise<void>
}

/**
 * Points a tag at an index whose images are already pushed; the immutable tag comes first. `approve` lets it, or throws; nothing is written
 * if the tag names the index already. Throws if the tag is a release's and names another index, or if somebody else moved it meanwhile.
 */
export async function retag(
  registry: Registry,
  target: ReleaseTarget,
  index: string,
  approve: () => Promise<unknown>,
): Promise<TargetOutcome> {
  const { repository, tag, immutableTag } = target
  const digest = digestOf(index)
  const before = await digestOfTag(registry, repository, tag)
  if (before && before !== digest && isReleaseTarget(target))
    throw new FarmError(
      `${repository}:${tag} already exists with another digest, ${before}: a released tag never changes; release a later version`,
    )
  await approve()
  if (before === digest) return { target, state: "unchanged", digest }
  await registry.pushIndex(repository, immutableTag, index)
  await registry.pushIndex(repository, tag, index).catch((cause) => {
    throw before && isForbidden(cause) ? notMoved(target, cause) : cause
  })
  if ((await digestOfTag(registry, repository, tag)) !== digest)
    throw new FarmError(
      `${repository}:${tag} was moved by someone else meanwhile; this run's index is ${immutableTag}: find out who else publishes there`,
    )
  return { target, state: "published", digest }
}

/**
 * Signs an index as what a target is, unless it is signed so: after its images were checked, and judged by what is known today, and before
 * any tag names it. One that another publication has must be signed as that.
 */
export async function approve(context: MoveContext, one: ReleaseTarget, index: string, source?: Publication): Promise<void> {
  if (await isSigned(context, one, index)) return
  if (source) await checkSigned(context, source, index)
  await judgeImages(context, one, index)
  await context.registry.pushIndex(one.repository, digestOf(index), index)
  await context.signer.sign(one.repository, digestOf(index), annotationsOf(one))
  await checkSigned(context, one, index)
}

/** Checks the images of an index, and judges their SBOMs by today's vulnerabilities and exceptions, whatever they were attested with. */
export async function judgeImages(context: MoveContext, one: ReleaseTarget, index: string): Promise<void> {
  const images = await checkImages(context, one, index)
  for (const [platform, { bill, statements }] of images)
    await context.judge(`${one.repository}:${one.tag} for ${platform}`, bill, statements)
}

/** Whether an index is signed as what a target is; throws one line if the registry didn't say. */
export async function isSigned(context: VerifyContext, one: ReleaseTarget, index: string): Promise<boolean> {
  return checkSigned(context, one, index).then(
    () => true,
    (cause) => {
      if (cause instanceof RegistryError && !isAbsent(cause.said)) throw cause
      return false
    },
  )
}

/** Whether a registry lets nobody move tags, or this account; some say it as if the account had no right at all. */
function isForbidden(cause: unknown): cause is RegistryError {
  return cause instanceof RegistryError && (cause.kind === "immutable" || cause.kind === "denied")
}

/** What to do about a tag that stays where it was, while the account could push the immutable tag. */
function notMoved({ repository, tag, immutableTag }: ReleaseTarget, cause: RegistryError): FarmError {
  return new FarmError(
    `${repository}:${tag} stays, and what was proven is ${immutableTag}: ${cause.said}; ` +
      "this repository forbids moving tags: allow it for unstable-* and testing-*, and run it again",
    { cause },
  )
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
