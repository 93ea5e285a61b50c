import { type Catalog, lineage } from "./catalog.ts"
import type { Distro } from "./distro.ts"

/** One image of the farm: a row of CI's matrix. */
export interface Cell {
  distro: string
  profile: string
  init: string
  platform: string
}

/**
 * Every image that the catalog can make, sorted; or, given the paths of the repository that changed, a line each, those that a change
 * there can alter: a distro's folder concerns it and those that extend it, a family's all of its distros, pages and tests none, and
 * whatever else there is concerns every image.
 */
export function matrix(from: Catalog, changed?: string): Cell[] {
  const concerns =
    changed === undefined
      ? [() => true]
      : changed
          .split("\n")
          .filter(Boolean)
          .map((path) => concernOf(from, path))
  const distros = [...from.distros.values()].filter((distro) => concerns.some((concerned) => concerned(distro)))
  return distros.flatMap(({ name, profiles, platforms }) =>
    Object.entries(profiles).flatMap(([profile, { inits }]) =>
      inits.flatMap((init) => platforms.map((platform) => ({ distro: name, profile, init, platform }))),
    ),
  )
}

/** Which distros a change to one file concerns. */
function concernOf(from: Catalog, path: string): (distro: Distro) => boolean {
  if (path.startsWith("test/") || /^[^/]+\.md$/.test(path)) return () => false
  const [, folder, inside] = path.match(/^distros\/([^/]+)\/([^/]+)/) ?? []
  if (folder === "_families") return ({ family }) => family === inside
  if (folder) return ({ name }) => lineage(from, name).includes(folder)
  return () => true
}
