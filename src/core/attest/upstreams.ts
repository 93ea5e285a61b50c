import { PackageURL } from "packageurl-js"
import type { Plan } from "../plan/plan.ts"
import type { Source } from "../sources/lock.ts"
import type { Patch } from "../sources/patches.ts"

/** What NVD calls those upstreams that it knows: vendor and product, several where it isn't always the same. */
const CPE = new Map([
  ["libjpeg-turbo", ["libjpeg-turbo:libjpeg-turbo"]],
  ["novnc", ["novnc:novnc"]],
  ["xorg-server", ["x.org:x_server", "x.org:xorg-server"]],
])

/** An upstream that is built into an image, as SBOM, VEX and scanners call it. */
export interface Upstream {
  component: string
  name: string
  /** The release that its ref names, or its commit's first 12 digits. */
  version: string
  /** https://github.com/package-url/purl-spec, with the commit as vcs_url. */
  purl: string
  /** CPE 2.3: none unless NVD knows the upstream and a release is built. */
  cpes: string[]
  source: Source
  patches: Patch[]
}

/** Every upstream of a plan's components; a component's patches are its first one's. */
export function upstreams({ components }: Plan): Upstream[] {
  return components.flatMap(({ name: component, sources, patches }) =>
    Object.entries(sources).map(([key, source], index): Upstream => {
      const name = key === "xorg" ? "xorg-server" : key
      const release = source.ref.match(/\d+(?:\.\d+)+/)?.[0]
      const version = release ?? source.commit.slice(0, 12)
      const known = release ? (CPE.get(name) ?? []) : []
      return {
        component,
        name,
        version,
        purl: genericPurl(name, version, `git+${source.repo}@${source.commit}`),
        cpes: known.map((product) => `cpe:2.3:a:${product}:${version}:*:*:*:*:*:*:*`),
        source,
        patches: index ? [] : patches,
      }
    }),
  )
}

/** The package URL of what is built from a git repository. */
export function genericPurl(name: string, version: string, vcs: string): string {
  return new PackageURL("generic", undefined, name, version, { vcs_url: vcs }, undefined).toString()
}

/** Whether a package URL is one of those: no tool that lists an image's packages says which commit a generic one is from. */
export function isBuilt(purl = ""): boolean {
  return /^pkg:generic\/[^?#]+\?([^#]*&)?vcs_url=/.test(purl)
}

/** A patch in a few words: its commit or file, and what it is for. */
export function described(patch: Patch): string {
  const what =
    "commit" in patch ? `upstream's commit ${patch.commit}` : "file" in patch ? `the farm's ${patch.file}` : `KasmVNC's ${patch.shipped}`
  return `${what}: ${patch.fixes}`
}
