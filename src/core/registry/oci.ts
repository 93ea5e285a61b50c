import { createHash } from "node:crypto"
import { z } from "zod"
import { parseFile, sha256 } from "../schema.ts"

const INDEX = "application/vnd.oci.image.index.v1+json"

/** Schema of an OCI descriptor. */
export const descriptor = z.object({
  mediaType: z.string(),
  digest: sha256,
  size: z.int().positive(),
  platform: z.object({ os: z.string(), architecture: z.string() }).loose().optional(),
})

/** An OCI descriptor: a blob's or manifest's type, digest and size, and an image's platform. */
export type Descriptor = z.infer<typeof descriptor>

const index = z.object({ manifests: z.array(descriptor) })
const anyManifest = z.object({ manifests: z.array(z.object({ digest: z.string() })).optional() })
const annotated = z.object({ annotations: z.record(z.string(), z.string()).optional() })
const configuration = z.object({ config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }) })
const tagList = z.object({ Tags: z.array(z.string()) })
const image = z.object({ layers: z.array(descriptor) })

/** The manifests in an OCI image index; `where` is what an error calls it. */
export function manifests(where: string, text: string): Descriptor[] {
  return parseFile(where, text, index).manifests
}

/** The digests that a manifest or an index of anybody's names as images of its own; `where` is what an error calls it. */
export function digestsIn(where: string, text: string): string[] {
  return parseFile(where, text, anyManifest).manifests?.map(({ digest }) => digest) ?? []
}

/** What a manifest or an index says of itself; `where` is what an error calls it. */
export function annotationsIn(where: string, text: string): Record<string, string> {
  return parseFile(where, text, annotated).annotations ?? {}
}

/** The digest of what cosign, or a registry's client, attached something to by a tag, such as sha256-HEX or sha256-HEX.sig. */
export function attachmentOf(tag: string): string | undefined {
  const [, hex] = tag.match(/^sha256-([0-9a-f]{64})(?:\.[a-z]+)?$/) ?? []
  return hex && `sha256:${hex}`
}

/** The platform of a manifest in an index, such as linux/arm64. */
export function platformOf({ platform }: Descriptor): string {
  return `${platform?.os}/${platform?.architecture}`
}

/** The compressed size of an image's layers; `where` is what an error calls its manifest. */
export function compressedBytes(where: string, text: string): number {
  return parseFile(where, text, image).layers.reduce((sum, { size }) => sum + size, 0)
}

/** The labels in an image's configuration; `where` is what an error calls it. */
export function labelsOf(where: string, text: string): Record<string, string> {
  return parseFile(where, text, configuration).config.Labels ?? {}
}

/** The tags in what `skopeo list-tags` printed; `where` is what an error calls the repository. */
export function tagsOf(where: string, text: string): string[] {
  return parseFile(where, text, tagList).Tags
}

/** The digest of a manifest or an index, of its very bytes. */
export function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`
}

/** An image index over one manifest per platform, sorted by platform: equal manifests give equal bytes. */
export function joined(images: Map<string, Omit<Descriptor, "platform">>, annotations?: Record<string, string>): string {
  const sorted = [...images].sort(([a], [b]) => (a < b ? -1 : 1))
  const all = sorted.map(([name, { mediaType, digest, size }]) => {
    const [os, architecture] = name.split("/")
    return { mediaType, digest, size, platform: { architecture, os } }
  })
  return JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: all, annotations })
}

/** The files of an OCI image layout that has an index and no images, by path. */
export function layoutOf(text: string): Map<string, string> {
  const digest = digestOf(text)
  const entry = { mediaType: INDEX, digest, size: Buffer.byteLength(text) }
  return new Map([
    ["oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" })],
    ["index.json", JSON.stringify({ schemaVersion: 2, manifests: [entry] })],
    [`blobs/${digest.replace(":", "/")}`, text],
  ])
}
