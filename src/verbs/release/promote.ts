import { FarmError } from "../../core/errors.ts"
import { REVISION } from "../../core/plan/labels.ts"
import { manifests } from "../../core/registry/oci.ts"
import type { Published } from "../../core/release/outcome.ts"
import type { Publication } from "../../core/release/targets.ts"
import { each, forward, move } from "./retag.ts"
import { type Checking, checkIndex } from "./verify.ts"

/**
 * Tags what another channel's tags name, byte for byte; each must have been built from the commit and be signed, and nothing is built
 * or uploaded.
 */
export async function promote(checking: Checking, commit: string, all: Publication[], from: string): Promise<Published[]> {
  const { registry } = checking
  return each(all, async (one) => {
    const { repository, image } = one
    const source = `${from}-${image}`
    await forward(registry, one)
    const text = await registry.manifest(repository, source)
    if (text === undefined) throw new FarmError(`${repository}:${source} is not there to be promoted: publish it first`)
    for (const { digest } of manifests(source, text)) {
      const revision = (await registry.labels(repository, digest))[REVISION]
      if (revision !== commit)
        throw new FarmError(
          `${repository}:${source} was built from ${revision}, not from --commit=${commit}: publish that commit there first`,
        )
    }
    return move(registry, one, text, (target, index) => checkIndex(checking, target, index))
  })
}
