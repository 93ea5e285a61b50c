import { FarmError } from "../../core/errors.ts"
import { digestOf } from "../../core/registry/oci.ts"
import type { TargetOutcome } from "../../core/release/outcome.ts"
import { commitOf, immutableTags, isReleaseTarget, type ReleaseTarget } from "../../core/release/targets.ts"
import { digestOfTag, judgeImages, type MoveContext, retag, settleEach } from "./retag.ts"
import { checkSigned } from "./verify.ts"

/**
 * Points each tag at the index before its current one, by its immutable tags, if it was signed as that tag's, of the commit that the
 * immutable tag names, and its images hold nothing that blocks a release today; a release's tag never moves.
 */
export async function rollback(context: MoveContext, all: ReleaseTarget[]): Promise<TargetOutcome[]> {
  const { registry } = context
  return settleEach(all, async (one) => {
    const { repository, tag } = one
    if (isReleaseTarget(one)) throw new FarmError(`${repository}:${tag} is a release, whose tag never moves; release a later version`)
    const now = await digestOfTag(registry, repository, tag)
    const named = immutableTags(tag, await registry.tags(repository))
    let isReached = false
    for (const immutableTag of [...named].reverse()) {
      const text = await registry.manifest(repository, immutableTag)
      // Somebody may have deleted it since the tags were listed.
      if (text === undefined) continue
      const isNow = digestOf(text) === now
      if (isReached && !isNow) {
        return retag(registry, { ...one, immutableTag }, text, async () => {
          const { commit } = await checkSigned(context, { ...one, commit: commitOf(immutableTag) }, text)
          await judgeImages(context, { ...one, commit }, text)
        })
      }
      isReached ||= isNow
    }
    throw new FarmError(`${repository}:${tag} has no earlier index to go back to: its immutable tags are ${named.join(", ") || "none"}`)
  })
}
