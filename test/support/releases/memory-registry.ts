import type { Container, Directory } from "@dagger.io/dagger"
import type { Means } from "../../../src/core/attest/cosign.ts"
import type { Annotations } from "../../../src/core/attest/publication.ts"
import { FarmError } from "../../../src/core/errors.ts"
import { digestOf, digestsIn, manifests } from "../../../src/core/registry/oci.ts"
import type { Cleaner, Signed, Signer } from "../../../src/verbs/attest/signer.ts"
import type { Registry } from "../../../src/verbs/registry/registry.ts"

/** An image as the memory holds it. */
export interface MemoryImage {
  manifest: string
  labels: Record<string, string>
}

interface Repository {
  /** Manifests and indexes by digest. */
  manifests: Map<string, string>
  labels: Map<string, Record<string, string>>
  tags: Map<string, string>
}

type Operation = Exclude<keyof Registry, "address">

/** A registry in memory, so that what a release does is tested in milliseconds. It keeps a registry's rules: an index needs its images. */
export class MemoryRegistry implements Registry {
  readonly repositories = new Map<string, Repository>()
  /** What was written, in order: OPERATION REPOSITORY REFERENCE. */
  readonly writes: string[] = []
  /** Runs before an operation, so that a test can come in between, or let it fail. */
  before: (operation: Operation, repository: string, reference: string) => unknown = () => undefined

  address(repository: string, reference: string): string {
    return `registry.test/path/${repository}${reference.includes(":") ? "@" : ":"}${reference}`
  }

  async manifest(repository: string, reference: string): Promise<string | undefined> {
    await this.before("manifest", repository, reference)
    const { manifests, tags } = this.repository(repository)
    return manifests.get(tags.get(reference) ?? reference)
  }

  async labels(repository: string, digest: string): Promise<Record<string, string>> {
    await this.before("labels", repository, digest)
    const found = this.repository(repository).labels.get(digest)
    if (!found) throw new FarmError(`${this.address(repository, digest)} is not there`)
    return found
  }

  async tags(repository: string): Promise<string[]> {
    await this.before("tags", repository, "")
    return [...this.repository(repository).tags.keys()]
  }

  async pushIndex(repository: string, reference: string, index: string): Promise<void> {
    await this.before("pushIndex", repository, reference)
    const held = this.repository(repository)
    const missing = manifests(reference, index).find(({ digest }) => !held.manifests.has(digest))
    if (missing) throw new FarmError(`${this.address(repository, reference)}: manifest unknown: ${missing.digest}`)
    this.writes.push(`pushIndex ${repository} ${reference}`)
    held.manifests.set(digestOf(index), index)
    if (!reference.includes(":")) held.tags.set(reference, digestOf(index))
  }

  /** `layout` is a MemoryImage here: nothing looks into one on its way. */
  async pushImage(repository: string, digest: string, layout: Directory): Promise<void> {
    await this.before("pushImage", repository, digest)
    this.writes.push(`pushImage ${repository} ${digest}`)
    this.put(repository, layout as unknown as MemoryImage)
  }

  async checkBlobs(repository: string, digest: string): Promise<void> {
    await this.before("checkBlobs", repository, digest)
    if (!this.repository(repository).manifests.has(digest)) throw new FarmError(`${this.address(repository, digest)}: manifest unknown`)
  }

  async remove(repository: string, digest: string): Promise<void> {
    await this.before("remove", repository, digest)
    const { manifests: texts, tags } = this.repository(repository)
    for (const [other, text] of texts)
      if (digestsIn(other, text).includes(digest)) throw new FarmError(`${this.address(repository, digest)}: ${other} has it`)
    this.writes.push(`remove ${repository} ${digest}`)
    texts.delete(digest)
    for (const [tag, named] of [...tags]) if (named === digest) tags.delete(tag)
  }

  async pull(repository: string, digest: string): Promise<Container> {
    await this.before("pull", repository, digest)
    return this.repository(repository).manifests.get(digest) as unknown as Container
  }

  /** Puts an image there as if somebody had pushed it. */
  put(repository: string, { manifest, labels }: MemoryImage): void {
    const held = this.repository(repository)
    held.manifests.set(digestOf(manifest), manifest)
    held.labels.set(digestOf(manifest), labels)
  }

  /** Takes a tag away, or a manifest by its digest. */
  delete(repository: string, reference: string): void {
    const { tags, manifests } = this.repository(repository)
    if (!tags.delete(reference)) manifests.delete(reference)
  }

  /** What a tag names. */
  at(repository: string, tag: string): string | undefined {
    return this.repository(repository).tags.get(tag)
  }

  private repository(name: string): Repository {
    const found = this.repositories.get(name) ?? { manifests: new Map(), labels: new Map(), tags: new Map() }
    this.repositories.set(name, found)
    return found
  }
}

/** Signatures and attestations in memory. */
export class MemorySigner implements Signer, Cleaner {
  means: Means = { by: "key" }
  constructor(private readonly registry?: MemoryRegistry) {}
  private readonly signed = new Map<string, Annotations[]>()
  private readonly attested = new Map<string, unknown[]>()

  async sign(repository: string, digest: string, as?: Annotations): Promise<void> {
    const key = `${repository}@${digest}`
    this.signed.set(key, [...(this.signed.get(key) ?? []), as ?? {}])
  }

  async signedUnder(repository: string, tag: string): Promise<Signed | undefined> {
    const text = await this.registry?.manifest(repository, tag)
    return text === undefined ? undefined : { digest: digestOf(text), signatures: await this.signatures(repository, digestOf(text)) }
  }

  /** Takes the signatures of a digest away. */
  unsign(repository: string, digest: string): void {
    this.signed.delete(`${repository}@${digest}`)
  }

  /** Whether something is signed or attested of a manifest or index. */
  has(repository: string, digest: string): boolean {
    return [...this.signed.keys(), ...this.attested.keys()].some((key) => key.startsWith(`${repository}@${digest}`))
  }

  async clean(repository: string, digest: string): Promise<void> {
    this.unsign(repository, digest)
    for (const key of [...this.attested.keys()]) if (key.startsWith(`${repository}@${digest} `)) this.attested.delete(key)
  }

  async attest(repository: string, digest: string, type: string, predicate: string): Promise<void> {
    const key = `${repository}@${digest} ${type}`
    this.attested.set(key, [...(this.attested.get(key) ?? []), JSON.parse(predicate)])
  }

  async signatures(repository: string, digest: string): Promise<Annotations[]> {
    const found = this.signed.get(`${repository}@${digest}`)
    if (!found) throw new FarmError(`${repository}@${digest}: no signatures found`)
    return found
  }

  async attestations(repository: string, digest: string, type: string): Promise<unknown[]> {
    const found = this.attested.get(`${repository}@${digest} ${type}`)
    if (!found) throw new FarmError(`${repository}@${digest}: none of the attestations matched ${type}`)
    return found
  }
}
