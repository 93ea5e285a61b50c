import { identityPattern } from "../../core/attest/cosign.ts"
import { type Attestations, checkAttestations, PREDICATES } from "../../core/attest/predicates.ts"
import { type Publication, signedAs } from "../../core/attest/publication.ts"
import { imageFailure } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { digestOf, manifests, platformOf } from "../../core/registry/oci.ts"
import { sourceRefs } from "../../core/release/refs.ts"
import type { ReleaseTarget } from "../../core/release/targets.ts"
import type { VerifyOutcome } from "../../core/release/verified.ts"
import type { Signer } from "../attest/signer.ts"
import type { Registry } from "../registry/registry.ts"

/** What signatures and attestations are checked with. */
export interface VerifyContext {
  registry: Registry
  signer: Signer
}

/** Checks what each tag names from outside: signatures, attestations and every blob. */
export async function verify(context: VerifyContext, all: ReleaseTarget[]): Promise<VerifyOutcome[]> {
  const { registry } = context
  const checks = all.map(async (target): Promise<VerifyOutcome> => {
    const { repository, tag } = target
    try {
      const text = await registry.manifest(repository, tag)
      if (text === undefined) throw new FarmError(`${repository}:${tag} doesn't exist: publish it first`)
      const images = await checkIndex(context, target, text)
      for (const { digest } of manifests(tag, text)) await registry.checkBlobs(repository, digest)
      return { target, digest: digestOf(text), images }
    } catch (error) {
      return { target, images: new Map(), reason: imageFailure(`${repository}:${tag}`, error) }
    }
  })
  return Promise.all(checks)
}

/**
 * Checks that an index was signed as what its target is, and the signatures and attestations of each image in it; throws one line for the
 * first that is not as it should be.
 */
export async function checkIndex(context: VerifyContext, one: ReleaseTarget, text: string): Promise<Map<string, Attestations>> {
  const { commit } = await checkSigned(context, one, text)
  return checkImages(context, { ...one, commit }, text)
}

/** What an index was signed as; throws one line if that isn't this publication. */
export async function checkSigned({ registry, signer }: VerifyContext, one: Publication, text: string): Promise<Publication> {
  const { repository, tag } = one
  return signedAs(registry.address(repository, tag), await signer.signatures(repository, digestOf(text)), one)
}

/** Checks signatures and attestations of each image in an index, which may not be signed yet itself. */
export async function checkImages(
  { registry, signer }: VerifyContext,
  one: ReleaseTarget,
  text: string,
): Promise<Map<string, Attestations>> {
  const { repository, tag, ref, commit, version, distro, profile, init } = one
  const images = new Map(manifests(registry.address(repository, tag), text).map((one) => [platformOf(one), one.digest]))
  const missing = one.platforms.filter((platform) => !images.has(platform))
  if (missing.length) throw new FarmError(`${repository}:${tag} has no image for ${missing.join(", ")}: publish it again`)
  const workflow = signer.means.by === "identity" ? identityPattern(signer.means.pattern) : undefined
  const expected = { distro, profile, init, commit, refs: sourceRefs(ref), version, workflow }
  const found = [...images].map(async ([platform, digest]): Promise<[string, Attestations]> => {
    await signer.signatures(repository, digest)
    const predicates = new Map<string, unknown[]>()
    for (const type of PREDICATES) predicates.set(type, await signer.attestations(repository, digest, type))
    const labels = await registry.labels(repository, digest)
    const what = `${registry.address(repository, tag)} for ${platform}, ${digest}`
    return [platform, checkAttestations(what, predicates, { ...expected, platform, digest, labels })]
  })
  return new Map(await Promise.all(found))
}
