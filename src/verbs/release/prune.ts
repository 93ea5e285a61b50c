import { failureReason } from "../../core/error-line.ts"
import { type Pruned, pruned } from "../../core/release/prune.ts"
import type { ReleaseTarget } from "../../core/release/targets.ts"
import type { Cleaner } from "../attest/signer.ts"
import type { Registry } from "../registry/registry.ts"

/** What is deleted from, and by what. */
export interface PruneContext {
  registry: Registry
  cleaner: Cleaner
}

/** Deletes the immutable tags of targets beyond the last ones, with what hangs on them alone; if it is dry, it only says which. */
export async function prune(context: PruneContext, all: ReleaseTarget[], keep: number, isDry: boolean): Promise<Pruned[]> {
  const found: Pruned[] = []
  for (const repository of new Set(all.map((one) => one.repository))) {
    const held = await allOf(context.registry, repository)
    const targets = all.filter((one) => one.repository === repository)
    for (const one of pruned(held, targets, keep)) found.push(isDry || one.needed ? one : await remove(context, repository, one))
  }
  return found
}

/** The text of what each tag of a repository names. */
async function allOf(registry: Registry, repository: string): Promise<Map<string, string>> {
  const tags = await registry.tags(repository)
  const texts = await Promise.all(tags.map((tag) => registry.manifest(repository, tag)))
  // Somebody may have deleted one since the tags were listed.
  return new Map(tags.flatMap((tag, at) => (texts[at] === undefined ? [] : [[tag, texts[at]]])))
}

/**
 * Deletes an index with what hangs on it. First what was signed and attested, which is found by the images; then the index, as registries keep
 * the images of one. So a run that was cut off is finished by the next, but for images that nothing names any more.
 */
async function remove({ registry, cleaner }: PruneContext, repository: string, one: Pruned): Promise<Pruned> {
  const { digest, images, attached } = one
  try {
    for (const of of [...images, digest]) await cleaner.clean(repository, of)
    for (const of of [...attached, digest, ...images]) await registry.remove(repository, of)
    return one
  } catch (cause) {
    return { ...one, failed: failureReason(cause) }
  }
}
