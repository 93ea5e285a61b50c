/** What signs the images and indexes of a registry, and checks what was signed. */
export interface Signer {
  /** Signs the manifest or index of that digest. */
  sign(repository: string, digest: string): Promise<void>
  /** Attests something of a manifest: a predicate as JSON, by one of in-toto's types. */
  attest(repository: string, digest: string, type: string, predicate: string): Promise<void>
  /** Throws if a manifest or index isn't signed. */
  checkSigned(repository: string, digest: string): Promise<void>
  /** The predicates that are attested of a manifest by a type, the latest last; throws if there is no signed one. */
  attestations(repository: string, digest: string, type: string): Promise<unknown[]>
}
