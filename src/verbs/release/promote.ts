import { REVISION } from "../../core/plan/labels.ts"
import { manifests } from "../../core/registry/oci.ts"
import type { TargetOutcome } from "../../core/release/outcome.ts"
import { refOfChannel } from "../../core/release/refs.ts"
import type { ReleaseTarget } from "../../core/release/targets.ts"
import { approve, type MoveContext, refuseDowngrade, retag, settleEach } from "./retag.ts"

/**
 * Tags and signs what another channel's tags name, byte for byte, and builds nothing. Each must be signed as that channel's, and what its
 * images were attested to hold is judged anew; a channel that has nothing of the commit is no failure.
 */
export async function promote(context: MoveContext, all: ReleaseTarget[], from: string): Promise<TargetOutcome[]> {
  const { registry } = context
  const ref = refOfChannel(from)
  return settleEach(all, async (one) => {
    const { repository, image, commit } = one
    const source = { repository, tag: `${from}-${image}`, ref, commit }
    const absent = (why: string): TargetOutcome => ({
      target: one,
      state: "absent",
      reason: `${repository}:${source.tag} ${why}, so it can't be promoted: publish that commit there first`,
    })
    await refuseDowngrade(registry, one)
    const text = await registry.manifest(repository, source.tag)
    if (text === undefined) return absent("doesn't exist")
    for (const { digest } of manifests(registry.address(repository, source.tag), text)) {
      const revision = (await registry.labels(repository, digest))[REVISION]
      if (revision !== commit) return absent(`was built from ${revision}, not from --commit=${commit}`)
    }
    return retag(registry, one, text, () => approve(context, one, text, source))
  })
}
