import { whyEnded } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { digestOf } from "../../core/registry/oci.ts"
import type { Published } from "../../core/release/outcome.ts"
import { checkForward, isFixed, type Publication } from "../../core/release/targets.ts"
import type { Registry } from "../registry/registry.ts"

/** What must hold of an index that lies in the registry, before a tag names it; throws where it doesn't. */
export type Condition = (publication: Publication, index: string) => Promise<unknown>

/**
 * Lets a tag name an index whose images are in the repository already, and its twin too, which comes first; nothing where it does so
 * already. Throws where the tag is a release's that names another, or where somebody else moved it meanwhile.
 */
export async function move(registry: Registry, publication: Publication, index: string, condition?: Condition): Promise<Published> {
  const { repository, tag, twin } = publication
  const digest = digestOf(index)
  const before = await digestAt(registry, repository, tag)
  if (before === digest) return { publication, state: "unchanged", digest }
  if (before && isFixed(publication))
    throw new FarmError(`${repository}:${tag} is there with another digest, ${before}: what was released stays; release a later version`)
  if (condition) {
    await registry.pushIndex(repository, digest, index)
    await condition(publication, index)
  }
  for (const name of [twin, tag]) await registry.pushIndex(repository, name, index)
  if ((await digestAt(registry, repository, tag)) !== digest)
    throw new FarmError(`${repository}:${tag} was moved by someone else meanwhile; ${twin} is what this made: see who else publishes there`)
  return { publication, state: "published", digest }
}

/** Refuses a release that would go backwards; other tags may, so nobody is asked about them. */
export async function forward(registry: Registry, one: Publication): Promise<void> {
  if (isFixed(one)) checkForward(one, await registry.tags(one.repository))
}

/** Does something for each publication, none stopping the others: what became of each. */
export async function each(all: Publication[], work: (one: Publication) => Promise<Published>): Promise<Published[]> {
  return Promise.all(
    all.map((publication) =>
      work(publication).catch(
        (cause): Published => ({ publication, state: "failed", reason: whyEnded(`${publication.repository}:${publication.tag}`, cause) }),
      ),
    ),
  )
}

/** The digest of what a tag names, or nothing. */
export async function digestAt(registry: Registry, repository: string, tag: string): Promise<string | undefined> {
  const text = await registry.manifest(repository, tag)
  return text === undefined ? undefined : digestOf(text)
}
