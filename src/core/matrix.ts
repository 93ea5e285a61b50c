import type { Catalog } from "./catalog.ts"

/** One image of the farm: a row of CI's matrix. */
export interface Cell {
  distro: string
  profile: string
  init: string
  platform: string
}

/** Every image that the catalog can make, sorted. */
export function matrix(from: Catalog): Cell[] {
  return [...from.distros.values()].flatMap(({ name, profiles, platforms }) =>
    Object.entries(profiles).flatMap(([profile, { inits }]) =>
      inits.flatMap((init) => platforms.map((platform) => ({ distro: name, profile, init, platform }))),
    ),
  )
}
