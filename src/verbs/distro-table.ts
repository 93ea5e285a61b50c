import type { Distro } from "../core/catalog/distro.ts"
import type { Family } from "../core/catalog/family.ts"
import { RECIPES } from "../core/catalog/profiles.ts"
import { components, xorgVersions } from "../core/plan/components.ts"
import { isRelease } from "../core/sources/versions.ts"
import { table } from "../core/table.ts"
import type { Farm } from "./farm.ts"

/** One desktop that the farm makes. */
export type DistroRow = {
  /** What --distro takes. */
  name: string
  title: string
  family: string
  /** The image it is built on. */
  base: string
  profile: string
  /** What --init takes. */
  inits: string[]
  platforms: string[]
  /** The X server's version, or that it is the distro's own. */
  xserver: string
  /** What is built from source for it, each as NAME VERSION. */
  components: string[]
  /** Megabytes that the uncompressed image for linux/amd64 had when it was last measured, each as INIT SIZE. */
  sizes: string[]
  /** Megabytes that the uncompressed image may have. */
  budget: number
  /** The day its archive stops getting fixes; empty for a rolling one. */
  eol: string
  repository: string
}

/** A row for each distro and profile, sorted by name. */
export function distroRows(farm: Farm): DistroRow[] {
  return [...farm.catalog.distros.values()].flatMap((distro) =>
    Object.entries(distro.profiles).map(([profile, { inits, budget, size }]) => {
      const { name, title, family, base, platforms, eol } = distro
      const { repository, fromSource } = RECIPES[profile as keyof typeof RECIPES]
      const built = fromSource ? versions(farm, distro) : { xserver: "the distro's own", components: [] }
      const sizes = inits.flatMap((init) => (size[init] ? [`${init} ${size[init]}`] : []))
      return { name, title, family, base, profile, inits, platforms, ...built, sizes, budget, eol: eol ?? "", repository }
    }),
  )
}

/** All that decides between them, a line for each. */
export function distroTable(rows: DistroRow[]): string {
  return table(rows.map(cells))
}

function cells({ name, profile, inits, base, xserver, sizes, budget, eol, components }: DistroRow): string[] {
  const end = eol ? `until ${eol}` : "rolling"
  const size = `${sizes.map((one) => `${one} MB`).join(", ") || "not measured"}, at most ${budget} MB`
  return [name, profile, inits.join(", "), base, `X server: ${xserver}`, size, end, components.join(", ")]
}

function versions({ catalog, lock, patches }: Farm, { family }: Distro): Pick<DistroRow, "xserver" | "components"> {
  const [xserver] = xorgVersions(catalog.families.get(family) as Family) as [string]
  const sources = components(lock, patches, xserver).flatMap((component) => Object.entries(component.sources))
  return {
    xserver,
    components: sources.map(([name, { ref, commit }]) => `${name} ${isRelease(ref) ? ref : `${ref} at ${commit.slice(0, 12)}`}`),
  }
}
