import { FarmError } from "../errors.ts"

/** What an index is published as: what its signature is for. */
export interface Publication {
  /** The repository's name below the registry's path. */
  repository: string
  tag: string
  /** The git ref in full. */
  ref: string
  /** The commit; its first digits are enough to look for one. */
  commit: string
}

/** What a signature says beside the digest: cosign's annotations. */
export type Annotations = Record<string, unknown>

const NAMES = ["repository", "tag", "ref", "commit"] as const

/** cosign's annotations of an index's signature. */
export function annotationsOf(published: Publication): Record<keyof Publication, string> {
  const { repository, tag, ref, commit } = published
  return { repository, tag, ref, commit }
}

/**
 * What an index was signed as, if one of its signatures is for this publication; throws one line with what they are for otherwise.
 * `what` begins it.
 */
export function signedAs(what: string, signatures: Annotations[], expected: Publication): Publication {
  const isIt = (one: Annotations) =>
    NAMES.every((name) => (name === "commit" ? String(one.commit ?? "").startsWith(expected.commit) : one[name] === expected[name]))
  const found = signatures.find(isIt)
  if (found) return annotationsOf(found as unknown as Publication)
  const got = [...new Set(signatures.map(described))].join(" and ")
  throw new FarmError(`${what}: signed as ${got}, not as ${described({ ...expected })}: don't run it, and find out who pushed it`)
}

function described({ repository, tag, ref, commit }: Annotations): string {
  if (!tag) return "what has no tag"
  return `${repository}:${tag} from ${ref} at ${String(commit).slice(0, 12)}`
}
