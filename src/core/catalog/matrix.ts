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
  const paths = changed?.split("\n").filter(Boolean)
  const distros = [...from.distros.values()].filter((distro) => !paths || paths.some((path) => concerns(from, path, distro)))
  return distros.flatMap(({ name, profiles, platforms }) =>
    Object.entries(profiles).flatMap(([profile, { inits }]) =>
      inits.flatMap((init) => platforms.map((platform) => ({ distro: name, profile, init, platform }))),
    ),
  )
}

/** Whether a change to one file concerns a distro. */
function concerns(from: Catalog, path: string, { name, family }: Distro): boolean {
  if (path.startsWith("test/") || /^[^/]+\.md$/.test(path)) return false
  const [, folder, inside] = path.match(/^distros\/([^/]+)\/([^/]+)/) ?? []
  if (folder === "_families") return family === inside
  return !folder || lineage(from, name).includes(folder)
}
