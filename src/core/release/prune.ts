import { FarmError } from "../errors.ts"
import { attachmentOf, digestOf, digestsIn } from "../registry/oci.ts"
import type { DatedReleasePlan, ReleaseTarget } from "./targets.ts"
import { immutableTags, isReleaseTarget } from "./targets.ts"

/** What becomes of an immutable tag that is older than the last ones. */
export interface Pruned {
  /** REPOSITORY:TAG. */
  tag: string
  digest: string
  /** The images that no other index has, by their digests; they go with it. */
  images: string[]
  /** What cosign attached to those and to the index by tags of its own, by digest. */
  attached: string[]
  /** Why it stays. */
  needed?: string
  /** Why it could not be deleted. */
  failed?: string
}

/** An immutable tag and what it names. */
interface Named {
  tag: string
  digest: string
}

/** Throws unless a ref's tags are a channel's, and some of them are kept. */
export function checkPrune({ ref, targets }: Pick<DatedReleasePlan, "ref" | "targets">, keep: number): void {
  if (!Number.isSafeInteger(keep) || keep < 1)
    throw new FarmError(`--keep=${keep}: expected how many of each tag's indexes stay, 1 or more`)
  if (targets.some(isReleaseTarget)) throw new FarmError(`--ref=${ref}: a release is kept for good; prune main or testing`)
}

/**
 * The immutable tags of a repository's targets beyond the last ones, the oldest first; `held` is the text of what each tag of the repository
 * names. What a tag that stays names isn't deleted: moving tags, those of releases and of others, what a rollback would go back to.
 */
export function pruned(held: Map<string, string>, targets: ReleaseTarget[], keep: number): Pruned[] {
  const digests = new Map([...held].map(([tag, text]) => [tag, digestOf(text)]))
  const old = targets.flatMap((target) => beyond(target, digests, keep))
  const going = new Set(old.filter(({ needed }) => !needed).map(({ tag }) => tag))
  const staying = [...digests].filter(([tag]) => !going.has(tag) && !attachmentOf(tag))
  const stays = new Map(staying.map(([tag, digest]) => [digest, tag]))
  const used = new Set(staying.flatMap(([tag, digest]) => [digest, ...digestsIn(tag, held.get(tag) as string)]))
  return old.map(({ tag, digest, needed = stays.get(digest) && `${stays.get(digest)} names it, too`, repository }) => {
    const name = `${repository}:${tag}`
    if (needed) return { tag: name, digest, images: [], attached: [], needed }
    const images = digestsIn(tag, held.get(tag) as string).filter((image) => !used.has(image))
    const attached = [...digests].filter(([other]) => [digest, ...images].includes(attachmentOf(other) ?? "") && other.includes("."))
    return { tag: name, digest, images, attached: attached.map(([, of]) => of) }
  })
}

/** The immutable tags of a target beyond its last ones, the oldest first, and why one of them is needed. */
function beyond({ repository, tag }: ReleaseTarget, digests: Map<string, string>, keep: number) {
  const all: Named[] = immutableTags(tag, [...digests.keys()]).map((own) => ({ tag: own, digest: digests.get(own) as string }))
  const now = digests.get(tag)
  const at = all.map(({ digest }) => digest).lastIndexOf(now ?? "")
  const before = all
    .slice(0, Math.max(at, 0))
    .reverse()
    .find(({ digest }) => digest !== now)
  return all.slice(0, -keep).map((one) => {
    const needed = one.digest === now ? `${tag} names it` : one === before ? "a rollback goes back to it" : undefined
    return { ...one, repository, needed }
  })
}

/** Formats what was pruned, a line for each tag, and the counts; throws that text if one failed. */
export function formatPruned({ repository }: Pick<DatedReleasePlan, "repository">, all: Pruned[], isDry: boolean): string {
  const verb = isDry ? "would delete" : "deleted"
  const lines = all.map(({ tag, digest, images, needed, failed }) => {
    const name = `${repository}/${tag}`
    if (failed !== undefined) return `failed ${name} is ${digest}: ${failed}`
    if (needed !== undefined) return `kept ${name} is ${digest}: ${needed}`
    return `${verb} ${name} is ${digest}, with ${images.length} images that no other has, and what was signed and attested of them`
  })
  const failed = all.filter((one) => one.failed !== undefined).length
  const kept = all.filter((one) => one.needed !== undefined).length
  const counts = `${all.length - failed - kept} ${isDry ? "to delete" : "deleted"}, ${kept} needed, ${failed} failed`
  const text = [...lines, ...(all.length ? [""] : []), isDry ? `${counts}; --dry-run=false deletes them` : counts].join("\n")
  if (failed) throw new FarmError(text)
  return `${text}\n`
}
