import { type Catalog, findDistro, lineage } from "./catalog.ts"
import { type Component, components, xorgVersions } from "./components.ts"
import type { Distro } from "./distro.ts"
import { choices, FarmError } from "./errors.ts"
import type { Family } from "./family.ts"
import type { Lock } from "./lock.ts"
import type { Patches } from "./patches.ts"
import { type Init, PLATFORMS, type Profile, RECIPES } from "./profiles.ts"

/** Everything that decides what an image holds, as plain JSON: same inputs, same bytes. */
export interface Plan {
  distro: string
  family: string
  profile: Profile
  init: Init
  platform: string
  base: Base
  /** The archive's state that package layers are built for, or null for whatever is newest when they are built. */
  asOf: string | null
  packages: string[]
  packageManager: Family["packageManager"]
  /** The X server's version where it is built from source. */
  xorg: string | null
  /** What is built from source, each after what it stands on. */
  components: Component[]
  /** How it is built: the oldest release of the family is the base, so that the others run it as well. */
  toolchain: (Omit<Family["components"], "xorg" | "base"> & { base: Base; flags: string }) | null
  /** Folders that lie over the base before packages are installed. */
  settings: string[]
  /** Scripts that run after the packages are installed. */
  scripts: string[]
  /** Folders that lie over everything, in order. */
  overlays: string[]
  entrypoint: string[]
  environment: Record<string, string>
  ports: number[]
  labels: Record<string, string>
  /** Megabytes of the uncompressed image. */
  budget: number
  repository: string
}

/** An image that others stand on. */
export interface Base {
  image: string
  digest: string | null
}

/** What decides which upstreams and which changes to them are built. */
export interface Pins {
  lock: Lock
  patches: Patches
}

/** What a caller asks for; what is left out takes the distro's own default. */
export interface Request {
  distro: string
  profile?: string
  platform: string
  init?: string
  xorg?: string
  asOf?: string
}

/** Decides what is built for a request, or throws with the values that would work. */
export function plan(from: Catalog, { lock, patches }: Pins, request: Request): Plan {
  const distro = findDistro(from, request.distro)
  const family = from.families.get(distro.family) as Family
  const profile = pick("profile", request.profile, Object.keys(distro.profiles), distro) as Profile
  const { inits, budget } = distro.profiles[profile] as NonNullable<Distro["profiles"][Profile]>
  const init = pick("init", request.init, inits, distro) as Init
  if (!(PLATFORMS as readonly string[]).includes(request.platform)) unknown("platform", request.platform, PLATFORMS)
  const platform = pick("platform", request.platform, distro.platforms, distro)
  const recipe = RECIPES[profile]
  const xorg = recipe.fromSource ? pick("xorg", request.xorg, xorgVersions(family), distro) : null
  if (!xorg && request.xorg)
    throw new FarmError(`--xorg=${request.xorg}: the ${profile} profile takes its X server from the distro; leave --xorg out`)
  const folders = lineage(from, distro.name).reverse()
  const has = (path: string) => [...from.files.keys()].some((file) => file.startsWith(path))
  return {
    distro: distro.name,
    family: distro.family,
    profile,
    init,
    platform,
    base: base(lock, distro.base),
    asOf: request.asOf ?? null,
    packages: packages(distro, family, [...recipe.roles, `init-${init}`]),
    packageManager: family.packageManager,
    settings: [`distros/_families/${distro.family}/root`].filter((path) => has(path.replace("distros/", ""))),
    scripts: folders
      .map((name) => `${name}/system.sh`)
      .filter((path) => from.files.has(path))
      .map((path) => `distros/${path}`),
    overlays: [
      ...recipe.overlays,
      ...folders
        .map((name) => `${name}/root/`)
        .filter(has)
        .map((path) => `distros/${path}`),
    ],
    xorg,
    components: xorg ? components(lock, patches, xorg) : [],
    toolchain: xorg ? toolchain(lock, family, xorg) : null,
    entrypoint: recipe.entrypoints[init] as string[],
    environment: { ...recipe.environment },
    ports: recipe.ports,
    labels: labels(distro, profile, lock),
    budget,
    repository: recipe.repository,
  }
}

function packages(distro: Distro, family: Family, roles: string[]): string[] {
  const names = roles.flatMap((role) => {
    const { add = [], remove = [] } = distro.packages[role] ?? {}
    return [...(family.packages[role] ?? []).filter((name) => !remove.includes(name)), ...add]
  })
  return [...new Set(names)].sort()
}

function base({ images }: Lock, image: string): Base {
  return { image, digest: images.get(image) ?? null }
}

function toolchain(pins: Lock, { components: { xorg, ...build } }: Family, version: string): Plan["toolchain"] {
  return { ...build, base: base(pins, build.base), flags: (xorg[version] as { flags: string }).flags }
}

function labels(distro: Distro, profile: Profile, pins: Lock): Record<string, string> {
  return {
    "io.helios.lock": `sha256:${pins.hash}`,
    "org.opencontainers.image.base.digest": pins.images.get(distro.base) ?? "unpinned",
    "org.opencontainers.image.base.name": `docker.io/library/${distro.base}`,
    "org.opencontainers.image.title": `Helios ${profile} on ${distro.title}`,
  }
}

function pick(flag: string, wanted: string | undefined, valid: readonly string[], distro: Distro): string {
  const value = wanted ?? (valid[0] as string)
  if (!valid.includes(value))
    throw new FarmError(`--${flag}=${value}: ${distro.name} has no such ${flag}; expected one of ${choices(valid)}`)
  return value
}

function unknown(flag: string, value: string, valid: readonly string[]): never {
  throw new FarmError(`--${flag}=${value}: no such ${flag}; expected one of ${choices(valid)}`)
}
