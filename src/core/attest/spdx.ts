import { z } from "zod"
import { parseFile } from "../schema.ts"
import type { NpmPackage } from "../sources/npm-lock.ts"
import { described, genericPurl, type Upstream } from "./upstreams.ts"

/** The predicate type of an SPDX document, as cosign calls it. */
export const SPDX = "https://spdx.dev/Document"

const entry = z
  .object({
    name: z.string(),
    SPDXID: z.string(),
    versionInfo: z.string().optional(),
    externalRefs: z.array(z.object({ referenceType: z.string(), referenceLocator: z.string() }).loose()).optional(),
    primaryPackagePurpose: z.string().optional(),
    checksums: z.array(z.object({ algorithm: z.string(), checksumValue: z.string() })).optional(),
  })
  .loose()

const relationship = z.object({ spdxElementId: z.string(), relatedSpdxElement: z.string(), relationshipType: z.string() }).loose()

/** As much of an SPDX 2.3 document as the farm reads. */
export const spdxDocument = z
  .object({
    spdxVersion: z.literal("SPDX-2.3"),
    creationInfo: z.object({ creators: z.array(z.string()), created: z.string() }).loose(),
    packages: z.array(entry),
    relationships: z.array(relationship),
  })
  .loose()

/** An SPDX 2.3 document. */
export type SpdxDocument = z.infer<typeof spdxDocument>

/** What an SPDX document is about. */
export interface Subject {
  /** The image's name, such as helios. */
  name: string
  /** Its manifest's digest. */
  digest: string
  /** The farm: its address, below which the document's name lies, and its version. */
  farm: string
  version: string
  /** RFC 3339. */
  time: string
  upstreams: Upstream[]
  /** What npm brings into a component that is named so. */
  npm: Map<string, NpmPackage[]>
}

const IMAGE = "SPDXRef-DocumentRoot-Image"
const NOTHING = { downloadLocation: "NOASSERTION", filesAnalyzed: false, copyrightText: "NOASSERTION", licenseConcluded: "NOASSERTION" }

/**
 * The SPDX 2.3 document of an image: the packages that syft found in it, and what the farm built from source, with commits,
 * patches and npm's packages. Its files aren't in it.
 */
export function spdx(found: string, subject: Subject): string {
  const { creationInfo, packages, relationships, ...rest } = parseFile("syft", found, spdxDocument)
  const known = packages.filter(({ primaryPackagePurpose }) => primaryPackagePurpose !== "CONTAINER")
  const ids = new Set(known.map(({ SPDXID }) => SPDXID))
  const built = [farmEntry(subject), ...subject.upstreams.map(upstreamEntry)]
  const brought = npmEntries(subject, new Map(known.flatMap((one) => purls(one).map((purl) => [purl, one.SPDXID] as const))))
  const contained = [...known, ...built, ...brought.packages].map(({ SPDXID }) => related(IMAGE, "CONTAINS", SPDXID))
  return JSON.stringify({
    ...rest,
    files: undefined,
    name: subject.name,
    documentNamespace: `${subject.farm}/spdx/${subject.digest}`,
    creationInfo: { ...creationInfo, created: subject.time, creators: [...creationInfo.creators, "Tool: helios"] },
    packages: [...known, ...built, ...brought.packages, imageEntry(subject)],
    relationships: [
      related("SPDXRef-DOCUMENT", "DESCRIBES", IMAGE),
      ...contained,
      ...relationships.filter(({ spdxElementId: from, relatedSpdxElement: to }) => ids.has(from) && ids.has(to)),
      ...brought.relationships,
    ],
  })
}

/** A package as `NAME VERSION`, sorted, of every package but the image itself. */
export function packagesOf({ packages }: SpdxDocument): string[] {
  return packages
    .filter(({ primaryPackagePurpose }) => primaryPackagePurpose !== "CONTAINER")
    .map(({ name, versionInfo = "" }) => `${name} ${versionInfo}`)
    .sort()
}

function imageEntry({ name, digest }: Subject) {
  const checksums = [{ algorithm: "SHA256", checksumValue: digest.replace("sha256:", "") }]
  return { ...NOTHING, name, SPDXID: IMAGE, versionInfo: digest, checksums, primaryPackagePurpose: "CONTAINER" }
}

/** What the farm itself lays over an image. */
function farmEntry({ farm, version }: Subject): z.infer<typeof entry> {
  const purl = genericPurl("helios", version, `git+${farm}`)
  const externalRefs = [byPurl(purl)]
  return { ...NOTHING, name: "helios", SPDXID: "SPDXRef-Farm", versionInfo: version, downloadLocation: `git+${farm}`, externalRefs }
}

function upstreamEntry({ name, version, purl, cpes, source, patches }: Upstream) {
  const byCpe = cpes.map((cpe) => ({ referenceCategory: "SECURITY", referenceType: "cpe23Type", referenceLocator: cpe }))
  return {
    ...NOTHING,
    name,
    SPDXID: idOf("Upstream", name),
    versionInfo: version,
    downloadLocation: `git+${source.repo}@${source.commit}`,
    sourceInfo: [`built from commit ${source.commit} of ${source.repo} (${source.ref})`, ...patches.map(described)].join("\n"),
    externalRefs: [byPurl(purl), ...byCpe],
  }
}

function npmEntries({ npm }: Subject, known: Map<string, string>) {
  const packages = new Map<string, z.infer<typeof entry>>()
  const relationships = [...npm].flatMap(([component, all]) =>
    all.map(({ name, version, purl, sha512, license }) => {
      const SPDXID = known.get(purl) ?? idOf("Npm", `${name}-${version}`)
      if (!known.has(purl))
        packages.set(purl, {
          ...NOTHING,
          name,
          SPDXID,
          versionInfo: version,
          licenseDeclared: license ?? "NOASSERTION",
          externalRefs: [byPurl(purl)],
          ...(sha512 ? { checksums: [{ algorithm: "SHA512", checksumValue: sha512 }] } : {}),
        })
      return related(SPDXID, "DEPENDENCY_OF", idOf("Upstream", component))
    }),
  )
  return { packages: [...packages.values()], relationships }
}

const byPurl = (purl: string) => ({ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl })

const purls = ({ externalRefs = [] }: z.infer<typeof entry>) =>
  externalRefs.filter(({ referenceType }) => referenceType === "purl").map(({ referenceLocator }) => referenceLocator)

const idOf = (kind: string, name: string) => `SPDXRef-${kind}-${name.replace(/[^A-Za-z0-9.-]+/g, "-")}`

const related = (spdxElementId: string, relationshipType: string, relatedSpdxElement: string) => ({
  spdxElementId,
  relationshipType,
  relatedSpdxElement,
})
