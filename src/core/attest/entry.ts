import { FarmError } from "../errors.ts"
import { baseOf, type Slice } from "../plan/parts.ts"
import type { Annotations } from "./publication.ts"

/** The repository of a store's entries, below the store's path: a tag for each key. */
export const ENTRIES = "helios-components"

/** OCI's names for what an entry's index says of it. */
const NAME = "org.opencontainers.image.title"
const CREATED = "org.opencontainers.image.created"
const BASE = "org.opencontainers.image.base.name"

/** What the index of an entry says of it, for those who list them; its signature counts, this doesn't. */
export function described(slice: Slice, created: string): Record<string, string> {
  const base = baseOf(slice)
  return { [NAME]: `${slice.name} ${slice.platform}`, [CREATED]: created, ...(base && { [BASE]: base.split("@")[0] }) }
}

/** An entry as a store lists it. */
export interface Entry {
  key: string
  /** The component's part, its platform, and the base that it was compiled on. */
  name: string
  /** RFC 3339. */
  created: string
}

/** What the index of a key says of itself. */
export function entryOf(key: string, annotations: Record<string, string> = {}): Entry {
  return {
    key,
    name: [annotations[NAME] ?? "unknown", annotations[BASE] ?? []].flat().join(" "),
    created: annotations[CREATED] ?? "unknown",
  }
}

/** Whether a tag is an entry's key. */
export const isKey = (tag: string): boolean => /^[0-9a-f]{64}$/.test(tag)

/** What the signature of an entry's index is for: it and no other key. */
export const entrySigned = (key: string): Annotations => ({ repository: ENTRIES, tag: key })

/** Throws one line, begun by `what`, unless one of an index's signatures is for that key. */
export function assertEntry(what: string, signatures: Annotations[], key: string): void {
  if (signatures.some(({ repository, tag }) => repository === ENTRIES && tag === key)) return
  const tags = [...new Set(signatures.map(({ tag }) => (tag ? `the key ${String(tag).slice(0, 12)}` : "what has no key")))]
  throw new FarmError(`${what}: signed for ${tags.join(" and ")}, not for this one`)
}

/**
 * The entries that go where the last ones of each name and platform stay, the oldest first. What a farm still asks for may be among them: it
 * is built and pushed again then.
 */
export function beyond(entries: Entry[], keep: number): Entry[] {
  if (!Number.isSafeInteger(keep) || keep < 1) throw new FarmError(`--keep=${keep}: expected how many entries of each name stay, 1 or more`)
  const sorted = [...entries].sort((one, other) => (one.created < other.created ? -1 : 1))
  return sorted.filter(({ name }, at) => sorted.slice(at + 1).filter((later) => later.name === name).length >= keep)
}
