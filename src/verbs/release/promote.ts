import { FarmError } from "../../core/errors.ts"
import { REVISION } from "../../core/plan/labels.ts"
import { manifests } from "../../core/registry/oci.ts"
import type { Published } from "../../core/release/outcome.ts"
import type { Publication } from "../../core/release/targets.ts"
import type { Signer } from "../attest/signer.ts"
import { config, manifest } from "../registry/registry.ts"
import { each, forward, move } from "./retag.ts"
import { checkIndex } from "./verify.ts"

/**
 * Tags what another channel's tags name, byte for byte; each must have been built from the commit and be signed, and nothing is built
 * or uploaded.
 */
export async function promote(signer: Signer, commit: string, all: Publication[], from: string): Promise<Published[]> {
  const { registry } = signer
  return each(all, async (one) => {
    const { repository, image } = one
    const source = `${from}-${image}`
    await forward(registry, one)
    const text = await manifest(registry, repository, source)
    if (text === undefined) throw new FarmError(`${repository}:${source} is not there to be promoted: publish it first`)
    for (const { digest } of manifests(source, text)) {
      const revision = (await config(registry, repository, digest)).config.Labels?.[REVISION]
      if (revision !== commit)
        throw new FarmError(
          `${repository}:${source} was built from ${revision}, not from --commit=${commit}: publish that commit there first`,
        )
    }
    return move(registry, one, text, (...index) => checkIndex(signer, ...index))
  })
}
