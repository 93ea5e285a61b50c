import { FarmError } from "../../core/errors.ts"
import { REVISION } from "../../core/plan/labels.ts"
import { manifests } from "../../core/registry/oci.ts"
import type { TargetOutcome } from "../../core/release/outcome.ts"
import type { ReleaseTarget } from "../../core/release/targets.ts"
import { refuseDowngrade, retag, settleEach } from "./retag.ts"
import { checkIndex, type VerifyContext } from "./verify.ts"

/**
 * Tags what another channel's tags name, byte for byte; each must have been built from the commit and be signed, and nothing is built
 * or uploaded.
 */
export async function promote(context: VerifyContext, commit: string, all: ReleaseTarget[], from: string): Promise<TargetOutcome[]> {
  const { registry } = context
  return settleEach(all, async (one) => {
    const { repository, image } = one
    const source = `${from}-${image}`
    await refuseDowngrade(registry, one)
    const text = await registry.manifest(repository, source)
    if (text === undefined) throw new FarmError(`${repository}:${source} doesn't exist, so it can't be promoted: publish it first`)
    for (const { digest } of manifests(source, text)) {
      const revision = (await registry.labels(repository, digest))[REVISION]
      if (revision !== commit)
        throw new FarmError(
          `${repository}:${source} was built from ${revision}, not from --commit=${commit}: publish that commit there first`,
        )
    }
    return retag(registry, one, text, (target, index) => checkIndex(context, target, index))
  })
}
