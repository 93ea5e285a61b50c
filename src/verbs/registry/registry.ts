import type { Container, Directory } from "@dagger.io/dagger"

/** What a release asks of a registry: the repositories below one path, and no tool by name. */
export interface Registry {
  /** HOST/PATH/REPOSITORY:TAG or @DIGEST, as people pull it. */
  address(repository: string, reference: string): string
  /** The bytes of the manifest or index that a tag or digest names, or undefined if it doesn't exist. */
  manifest(repository: string, reference: string): Promise<string | undefined>
  /** The labels of an image, by its manifest's digest; throws if it doesn't exist. */
  labels(repository: string, digest: string): Promise<Record<string, string>>
  /** All tags of a repository; none if it doesn't exist. */
  tags(repository: string): Promise<string[]>
  /** Pushes an index whose images are in the repository, under a tag or its digest. */
  pushIndex(repository: string, reference: string, index: string): Promise<void>
  /** Pushes the image of an OCI layout by its digest, except for blobs that the registry has. */
  pushImage(repository: string, digest: string, layout: Directory): Promise<void>
  /** Throws if a blob of an image is missing or isn't what its digest says. */
  checkBlobs(repository: string, digest: string): Promise<void>
  /** An image as the engine pulls it, by its manifest's digest. */
  pull(repository: string, digest: string, platform: string): Promise<Container>
  /** Deletes a manifest or an index by its digest, with all tags that name it; one that isn't there is no error. */
  remove(repository: string, digest: string): Promise<void>
}
