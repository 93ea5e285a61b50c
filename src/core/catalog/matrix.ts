import picomatch from "picomatch"
import { z } from "zod"
import { parseFile } from "../schema.ts"
import { type Catalog, lineage } from "./catalog.ts"
import type { Distro } from "./distro.ts"
import { type Init, type Profile, RECIPES } from "./profiles.ts"

/** What names one image of the farm. */
export interface ImageName {
  distro: string
  profile: string
  init: string
  platform: string
}

/** A row of CI's matrix. */
export interface Cell extends ImageName {
  /** Where there are several engines, the name of the image's own: toolchain, compiler cache and packages are a family's, of a platform. */
  shard: string
}

/** An image's row. */
export function cellOf(from: Catalog, { distro, profile, init, platform }: ImageName): Cell {
  const { family } = from.distros.get(distro) as Distro
  return { distro, profile, init, platform, shard: `${family}-${architectureOf(platform)}` }
}

/** The architecture of a platform such as linux/amd64. */
export const architectureOf = (platform: string) => platform.slice(platform.indexOf("/") + 1)

/** Every image that the catalog can make, sorted. */
export function matrix(from: Catalog): Cell[] {
  return [...from.distros.values()].flatMap(({ name, profiles, platforms }) =>
    Object.entries(profiles).flatMap(([profile, { inits }]) =>
      inits.flatMap((init) => platforms.map((platform) => cellOf(from, { distro: name, profile, init, platform }))),
    ),
  )
}

/**
 * The images that a change affects, by the repository's paths that changed, a line each. A distro's folder affects it and those that extend
 * it, a family's all of its distros, an overlay or a smoke check the images that have it; what the module, as dagger.json describes it,
 * doesn't even load, such as tests and pages, affects none, and anything else every image.
 */
export function changedMatrix(from: Catalog, changed: string, daggerJson: string): Cell[] {
  const isLoaded = loadedBy(daggerJson)
  const paths = changed.split("\n").filter((path) => path && isLoaded(path))
  return matrix(from).filter((cell) => paths.some((path) => affects(from, path, cell)))
}

const moduleSchema = z.object({ include: z.array(z.string().startsWith("!", "expected what is left out, such as !test")) })

/** Whether a module loads a path: everything but what its dagger.json leaves out, which are files, folders and patterns. */
function loadedBy(daggerJson: string): (path: string) => boolean {
  const left = parseFile("dagger.json", daggerJson, moduleSchema).include.map((pattern) => pattern.slice(1))
  const isLeft = picomatch(
    left.flatMap((pattern) => [pattern, `${pattern}/**`]),
    { dot: true },
  )
  return (path) => !isLeft(path)
}

/** Whether a change to one file affects an image. */
function affects(from: Catalog, path: string, { distro, profile, init }: Cell): boolean {
  const { name, family } = from.distros.get(distro) as Distro
  const [, folder, inside] = path.match(/^distros\/([^/]+)\/([^/]+)/) ?? []
  if (folder) return folder === "_families" ? family === inside : lineage(from, name).includes(folder)
  const [, checks] = path.match(/^common\/smoke\/([^/]+)\//) ?? []
  if (checks && Object.hasOwn(RECIPES, checks)) return checks === profile
  if (BESIDE_IMAGES.some((beside) => path.startsWith(`${beside}/`))) return false
  if (!ALL_OVERLAYS.some((overlay) => path.startsWith(`${overlay}/`))) return true
  return overlaysOf(profile as Profile, init as Init).some((overlay) => path.startsWith(`${overlay}/`))
}

/** What the module loads for calls that measure, show or release an image, and no image is made of. */
const BESIDE_IMAGES = ["common/bench", "common/gateway", "common/release"]

function overlaysOf(profile: Profile, init: Init): string[] {
  const { overlays, inits } = RECIPES[profile]
  return [...overlays, ...(inits[init]?.overlays ?? [])]
}

/** The overlays that some images have. */
const ALL_OVERLAYS = Object.entries(RECIPES).flatMap(([profile, { inits }]) =>
  Object.keys(inits).flatMap((init) => overlaysOf(profile as Profile, init as Init)),
)
