import type { Means } from "../../core/attest/cosign.ts"
import type { Annotations } from "../../core/attest/publication.ts"
import type { Workflow } from "../../core/attest/workflow.ts"

/** What a tag names, as it is signed. */
export interface Signed {
  digest: string
  /** What its signatures say beside that. */
  signatures: Annotations[]
}

/** What signs the images and indexes of a registry, and checks what was signed. */
export interface Signer {
  /** What others verify with. */
  readonly means: Means
  /** The workflow that signs, if one does. */
  readonly workflow?: Workflow
  /** Signs the manifest or index of that digest, an index as what it is for. */
  sign(repository: string, digest: string, as?: Annotations): Promise<void>
  /** Attests something of a manifest: a predicate as JSON, by one of in-toto's types. */
  attest(repository: string, digest: string, type: string, predicate: string): Promise<void>
  /** What the signatures of a manifest or index say beside its digest; throws if it isn't signed. */
  signatures(repository: string, digest: string): Promise<Annotations[]>
  /** The same of what a tag names, which is asked for with it; undefined if there is no such tag. */
  signedUnder(repository: string, tag: string): Promise<Signed | undefined>
  /** The predicates that are attested of a manifest by a type, the latest last; throws if there is no signed one. */
  attestations(repository: string, digest: string, type: string): Promise<unknown[]>
}

/** What takes away all that was signed and attested of a manifest or index. */
export interface Cleaner {
  clean(repository: string, digest: string): Promise<void>
}
