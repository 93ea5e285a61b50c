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

/** Where an entry of a store comes from, as SLSA's provenance 1.0: all that decides its bytes, and every source by its digest. */
export function sliceProvenance(slice: Slice, { farm, ref, commit, workflow, version, engine, started, finished }: Circumstances): string {
  const git = Object.values(sourcesOf(slice)).map(({ repo, commit: gitCommit }) => ({ uri: `git+${repo}`, digest: { gitCommit } }))
  return JSON.stringify({
    buildDefinition: {
      buildType: `${farm}/component/v1`,
      externalParameters: { ref, name: slice.name, platform: slice.platform },
      internalParameters: { slice },
      resolvedDependencies: [{ uri: `git+${farm}`, digest: { gitCommit: commit } }, ...git],
    },
    runDetails: {
      builder: { id: workflow ?? farm, version: { helios: version, dagger: engine } },
      metadata: { startedOn: started, finishedOn: finished },
    },
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

/** Where an image comes from, as SLSA's provenance 1.0: the plan whole, its archives, the lock's hash and every source by its digest. */
export function provenance(plan: Plan, by: Circumstances): string {
  const { farm, ref, commit, workflow, version, unpinned, engine, started, finished } = by
  const { distro, profile, init, platform, xorg, snapshots } = plan
  const git = upstreams(plan).map(({ source: { repo, commit: gitCommit } }) => ({ uri: `git+${repo}`, digest: { gitCommit } }))
  const bases = [plan.base, ...(plan.toolchain ? [plan.toolchain.base] : [])].map(({ image, digest, address = image }) => ({
    uri: imagePurl(parseReference(address) as Reference),
    ...(digest ? { digest: { sha256: digest.replace("sha256:", "") } } : {}),
  }))
  return JSON.stringify({
    buildDefinition: {
      buildType: `${farm}/build/v1`,
      externalParameters: { ref, distro, profile, init, platform, xorg, archives: snapshots ?? "live", ...(unpinned && { unpinned }) },
      internalParameters: { lock: plan.labels[LOCK], planDigest: digestOf(JSON.stringify(plan)), plan },
      resolvedDependencies: [{ uri: `git+${farm}`, digest: { gitCommit: commit } }, ...bases, ...git],
    },
    runDetails: {
      builder: { id: workflow ?? farm, version: { helios: version, dagger: engine } },
      metadata: { startedOn: started, finishedOn: finished },
    },
  })
}
