import { type Attested, checked, PREDICATES } from "../../core/attest/predicates.ts"
import { whyEnded } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { digestOf, manifests, platformOf } from "../../core/registry/oci.ts"
import type { Publication } from "../../core/release/targets.ts"
import type { Verified } from "../../core/release/verified.ts"
import { attested, checkSigned, type Signer } from "../attest/signer.ts"
import { address, config, download, manifest } from "../registry/registry.ts"

/** Checks what each tag names from outside: signatures, attestations and every blob. */
export async function verify(signer: Signer, all: Publication[]): Promise<Verified[]> {
  const checks = all.map(async (publication): Promise<Verified> => {
    const { repository, tag } = publication
    try {
      const text = await manifest(signer.registry, repository, tag)
      if (text === undefined) throw new FarmError(`${repository}:${tag} is not there: publish it first`)
      const images = await checkIndex(signer, publication, text)
      for (const { digest } of manifests(tag, text)) await download(signer.registry, repository, digest)
      return { publication, digest: digestOf(text), images }
    } catch (error) {
      return { publication, images: new Map(), reason: whyEnded(`${repository}:${tag}`, error) }
    }
  })
  return Promise.all(checks)
}

/** Checks signatures and attestations of an index and of each image in it; throws one line for the first that is not as it should be. */
export async function checkIndex(signer: Signer, one: Publication, text: string): Promise<Map<string, Attested>> {
  const { repository, tag, distro, profile, init } = one
  await checkSigned(signer, repository, digestOf(text))
  const images = new Map(manifests(tag, text).map((one) => [platformOf(one), one.digest]))
  const missing = one.platforms.filter((platform) => !images.has(platform))
  if (missing.length) throw new FarmError(`${repository}:${tag} has nothing for ${missing.join(", ")}: publish it again`)
  const found = [...images].map(async ([platform, digest]): Promise<[string, Attested]> => {
    const { shown } = address(signer.registry, repository, digest)
    await checkSigned(signer, repository, digest)
    const predicates = new Map<string, unknown>()
    for (const type of PREDICATES) predicates.set(type, (await attested(signer, repository, digest, type)).at(-1))
    const labels = (await config(signer.registry, repository, digest)).config.Labels ?? {}
    return [platform, checked(shown, predicates, { distro, profile, init, platform, digest, labels })]
  })
  return new Map(await Promise.all(found))
}
