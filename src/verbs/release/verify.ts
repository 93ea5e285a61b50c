import { type Attestations, checkAttestations, PREDICATES } from "../../core/attest/predicates.ts"
import { imageFailure } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { digestOf, manifests, platformOf } from "../../core/registry/oci.ts"
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

/** Checks signatures and attestations of an index and of each image in it; throws one line for the first that is not as it should be. */
export async function checkIndex(
  { registry, signer }: VerifyContext,
  one: ReleaseTarget,
  text: string,
): Promise<Map<string, Attestations>> {
  const { repository, tag, distro, profile, init } = one
  await signer.checkSigned(repository, digestOf(text))
  const images = new Map(manifests(tag, text).map((one) => [platformOf(one), one.digest]))
  const missing = one.platforms.filter((platform) => !images.has(platform))
  if (missing.length) throw new FarmError(`${repository}:${tag} has no image for ${missing.join(", ")}: publish it again`)
  const found = [...images].map(async ([platform, digest]): Promise<[string, Attestations]> => {
    await signer.checkSigned(repository, digest)
    const predicates = new Map<string, unknown>()
    for (const type of PREDICATES) predicates.set(type, (await signer.attestations(repository, digest, type)).at(-1))
    const labels = await registry.labels(repository, digest)
    return [
      platform,
      checkAttestations(registry.address(repository, digest), predicates, { distro, profile, init, platform, digest, labels }),
    ]
  })
  return new Map(await Promise.all(found))
}
