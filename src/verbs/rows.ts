import { RECIPES } from "../core/profiles.ts"
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
  /** Megabytes that the uncompressed image may have. */
  budget: number
  /** The day its archive stops getting fixes, or nothing for a rolling one. */
  eol: string
  repository: string
}

/** A row for each distro and profile, sorted by name. */
export function rows({ catalog }: Farm): DistroRow[] {
  return [...catalog.distros.values()].flatMap(({ name, title, family, base, platforms, eol, profiles }) =>
    Object.entries(profiles).map(([profile, { inits, budget }]) => {
      const { repository } = RECIPES[profile as keyof typeof RECIPES]
      return { name, title, family, base, profile, inits, platforms, budget, eol: eol ?? "", repository }
    }),
  )
}
