import { FarmError } from "../../core/errors.ts"
import { digestOf } from "../../core/registry/oci.ts"
import type { Published } from "../../core/release/outcome.ts"
import { isFixed, type Publication, twins } from "../../core/release/targets.ts"
import type { Registry } from "../registry/registry.ts"
import { digestAt, each, move } from "./retag.ts"

/** Moves each tag back to the index that it named before, as its twins tell; a release's never moves. */
export async function rollback(registry: Registry, all: Publication[]): Promise<Published[]> {
  return each(all, async (one) => {
    const { repository, tag } = one
    if (isFixed(one)) throw new FarmError(`${repository}:${tag} is a release's and stays; release a later version`)
    const now = await digestAt(registry, repository, tag)
    const named = twins(tag, await registry.tags(repository))
    let isReached = false
    for (const twin of [...named].reverse()) {
      const text = await registry.manifest(repository, twin)
      // Somebody may have deleted it since the tags were listed.
      if (text === undefined) continue
      const isNow = digestOf(text) === now
      if (isReached && !isNow) return move(registry, { ...one, twin }, text)
      isReached ||= isNow
    }
    throw new FarmError(`${repository}:${tag} has nothing before it to go back to: its twins are ${named.join(", ") || "none"}`)
  })
}
