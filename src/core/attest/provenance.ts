import { PackageURL } from "packageurl-js"
import { LOCK } from "../plan/labels.ts"
import type { Slice } from "../plan/parts.ts"
import type { Plan } from "../plan/plan.ts"
import { digestOf } from "../registry/oci.ts"
import { parseReference, type Reference } from "../registry/reference.ts"
import { upstreams } from "./upstreams.ts"

/** The predicate type of SLSA's provenance. */
export const PROVENANCE = "https://slsa.dev/provenance/v1"

/** What a build was asked for and made by. */
export interface Circumstances {
  /** The address of the repository that it was built from, its git ref in full and its commit. */
  farm: string
  ref: string
  commit: string
  /** The workflow that built it, by its identity; none if a person did. */
  workflow?: string
  /** The farm's version. */
  version: string
  /** Whether images without a digest were let pass. */
  unpinned: boolean
  /** Dagger's version. */
  engine: string
  /** RFC 3339. */
  started: string
  finished: string
}

/** Who built it, by what, and when, as SLSA's provenance 1.0 has it. */
const runDetails = ({ farm, workflow, version, engine, started, finished }: Circumstances) => ({
  builder: { id: workflow ?? farm, version: { helios: version, dagger: engine } },
  metadata: { startedOn: started, finishedOn: finished },
})

/** A store's entry that an image was made of. */
export interface Taken {
  /** The component's part. */
  name: string
  /** HOST/PATH:KEY. */
  address: string
  /** The digest that is signed. */
  digest: string
}

/** Where an entry of a store comes from, as SLSA's provenance 1.0: all that decides its bytes, and every source by its digest. */
export function sliceProvenance(slice: Slice, by: Circumstances): string {
  const { farm, ref, commit } = by
  const git = Object.values(sourcesOf(slice)).map(({ repo, commit: gitCommit }) => ({ uri: `git+${repo}`, digest: { gitCommit } }))
  return JSON.stringify({
    buildDefinition: {
      buildType: `${farm}/component/v1`,
      externalParameters: { ref, name: slice.name, platform: slice.platform },
      internalParameters: { slice },
      resolvedDependencies: [{ uri: `git+${farm}`, digest: { gitCommit: commit } }, ...git],
    },
    runDetails: runDetails(by),
  })
}

const sourcesOf = (slice: Slice): Slice["sources"] =>
  Object.assign({}, ...slice.on.map((one) => ("sources" in one ? sourcesOf(one) : {})), slice.sources)

/** The package URL of an image; one of Docker Hub's official images has no namespace. */
function imagePurl({ registry, repository, tag }: Reference): string {
  const [name = "", ...namespace] = repository.split("/").reverse()
  const isHub = registry === "docker.io"
  const path = namespace.reverse().join("/")
  const qualifiers = isHub ? undefined : { repository_url: registry }
  return new PackageURL("docker", isHub && path === "library" ? undefined : path || undefined, name, tag, qualifiers, undefined).toString()
}

/** What SLSA calls a resource: an image by its package URL, and by its digest if that is known. */
function purlAndDigest(address: string, digest: string | null | undefined): { uri: string; digest?: { sha256: string } } {
  const uri = imagePurl(parseReference(address) as Reference)
  return digest ? { uri, digest: { sha256: digest.replace("sha256:", "") } } : { uri }
}

/**
 * Where an image comes from, as SLSA's provenance 1.0: the plan whole, its archives, the lock's hash, every source by its digest, and every
 * component that others built and that was taken from a store.
 */
export function provenance(plan: Plan, by: Circumstances, taken: Taken[] = []): string {
  const { farm, ref, commit, unpinned } = by
  const { distro, profile, init, platform, xorg, snapshots } = plan
  const git = upstreams(plan).map(({ source: { repo, commit: gitCommit } }) => ({ uri: `git+${repo}`, digest: { gitCommit } }))
  const bases = [plan.base, ...(plan.toolchain ? [plan.toolchain.base] : [])].map(({ image, digest, address = image }) =>
    purlAndDigest(address, digest),
  )
  const components = taken.map(({ name, address, digest }) => ({ name, ...purlAndDigest(address, digest) }))
  return JSON.stringify({
    buildDefinition: {
      buildType: `${farm}/build/v1`,
      externalParameters: { ref, distro, profile, init, platform, xorg, archives: snapshots ?? "live", ...(unpinned && { unpinned }) },
      internalParameters: { lock: plan.labels[LOCK], planDigest: digestOf(JSON.stringify(plan)), plan },
      resolvedDependencies: [{ uri: `git+${farm}`, digest: { gitCommit: commit } }, ...bases, ...git, ...components],
    },
    runDetails: runDetails(by),
  })
}
