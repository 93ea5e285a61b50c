import { type Catalog, findDistro, lineage } from "../catalog/catalog.ts"
import type { Distro, Key } from "../catalog/distro.ts"
import { endedError, hasEnded } from "../catalog/end-of-life.ts"
import { BUILD_ROLES, type Family } from "../catalog/family.ts"
import { languageOf, languageRoles, translations } from "../catalog/languages.ts"
import { type Init, type InitRecipe, PLATFORMS, type Profile, RECIPES } from "../catalog/profiles.ts"
import { choices, FarmError } from "../errors.ts"
import type { Base } from "../sources/bases.ts"
import { baseOf, type Lock } from "../sources/lock.ts"
import type { Patches } from "../sources/patches.ts"
import { datedArchives } from "./as-of.ts"
import { type Component, components, SANITIZE, xorgVersions } from "./components.ts"
import { labels } from "./labels.ts"

/** Everything that decides what an image holds, as plain JSON: same inputs, same bytes. */
export interface Plan {
  distro: string
  family: string
  profile: Profile
  init: Init
  platform: string
  base: Base
  /** The day whose packages are installed, or null for whatever is newest when they are. */
  asOf: string | null
  /** Where archives are found as they were on that day, by archive; null for the live ones. */
  snapshots: Record<string, string> | null
  packages: string[]
  /** The locales that it has beside C.UTF-8, such as de_DE, and translations for. */
  languages: string[]
  packageManager: Family["packageManager"]
  /** The X server's version, if it is built from source. */
  xorg: string | null
  /** What is built from source, each after what it stands on. */
  components: Component[]
  /** How it is built: the oldest release of the family is the base, so that the others run it as well. */
  toolchain: Toolchain | null
  /** Where packages come from. */
  archives: Archives
  /** Folders that lie over the base before packages are installed, to say what of them stays out. */
  settings: string[]
  /** Scripts that run after the packages are installed. */
  scripts: string[]
  /** Folders that lie over everything, in order. */
  overlays: string[]
  entrypoint: string[]
  /** The signal that stops process 1, if that isn't SIGTERM. */
  stopSignal: string | null
  environment: Record<string, string>
  ports: number[]
  labels: Record<string, string>
  /** Megabytes of the uncompressed image. */
  budget: number
  repository: string
}

/** Package archives that a base image doesn't have configured. */
export interface Archives {
  /** Folders with the package manager's own files about them, to lie over a base. */
  folders: string[]
  /** The keys that they are signed with. */
  keys: Key[]
}

/** What components in C are compiled with, and on. */
export interface Toolchain {
  base: Base
  archives: Archives
  packages: string[]
  /** What modules for the distro's own Node are built with, on the distro itself. */
  nodePackages: string[]
  environment: Record<string, string>
  flags: string
  /** Further flags for the X server, if it is built with sanitizers. */
  sanitize?: string
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
  sanitize?: boolean
  /** The day, such as 2026-11-25, by which a distro's end of life is judged; without one it isn't. Its archives are the live ones. */
  today?: string
}

/** The plan of what is built for a request; throws with the values that would work. */
export function plan(from: Catalog, { lock, patches }: Pins, request: Request): Plan {
  const distro = findDistro(from, request.distro)
  if (request.today && hasEnded(distro, request.today)) throw endedError(distro)
  const family = from.families.get(distro.family) as Family
  const profile = pick("profile", request.profile, Object.keys(distro.profiles), distro) as Profile
  const { inits, budget } = distro.profiles[profile] as NonNullable<Distro["profiles"][Profile]>
  const init = pick("init", request.init, inits, distro) as Init
  if (!(PLATFORMS as readonly string[]).includes(request.platform)) unknown("platform", request.platform, PLATFORMS)
  const platform = pick("platform", request.platform, distro.platforms, distro)
  const recipe = RECIPES[profile]
  const { entrypoint, overlays, stopSignal } = recipe.inits[init] as InitRecipe
  const xorg = recipe.fromSource ? pick("xorg", request.xorg, xorgVersions(family), distro) : null
  if (!xorg && request.xorg)
    throw new FarmError(`--xorg=${request.xorg}: the ${profile} profile takes its X server from the distro; leave --xorg out`)
  if (!xorg && request.sanitize)
    throw new FarmError(`--sanitize: the ${profile} profile takes its X server from the distro; leave --sanitize out`)
  const folders = lineage(from, distro.name).reverse()
  const below = (name: string, owners: string[]) =>
    owners
      .map((owner) => `${owner}/${name}`)
      .filter((path) => [...from.files.keys()].some((file) => file.startsWith(`${path}/`)))
      .map((path) => `distros/${path}`)
  const shared = [`_families/${family.name}`]
  const all = [...shared, ...folders]
  const archives = { folders: below("archives", all), keys: [...family.keys, ...distro.keys] }
  // A base that the family shares knows the family's archives alone.
  const compiled = distro.components ? archives : { folders: below("archives", shared), keys: family.keys }
  const languages = distro.languages.flatMap((tag) => languageOf(tag)?.locale ?? [])
  const { exclude } = family.packageManager
  return {
    distro: distro.name,
    family: distro.family,
    profile,
    init,
    platform,
    base: baseOf(lock, distro.base),
    asOf: request.asOf ?? null,
    snapshots: datedArchives(request, distro, family),
    packages: packages(
      distro,
      family,
      [...recipe.roles, `init-${init}`, ...languageRoles(distro.languages), ...(distro.gpu ? ["gpu"] : [])],
      languages,
    ),
    languages,
    packageManager: { ...family.packageManager, exclude: [...exclude, ...languages.flatMap(translations).map((path) => `!${path}`)] },
    archives,
    settings: below("settings", all),
    scripts: folders
      .map((name) => `${name}/system.sh`)
      .filter((path) => from.files.has(path))
      .map((path) => `distros/${path}`),
    overlays: [...recipe.overlays, ...overlays, ...below("root", all)],
    xorg,
    components: xorg ? components(lock, patches, xorg) : [],
    toolchain: xorg ? { ...toolchain(lock, distro, family, compiled, xorg), ...(request.sanitize && { sanitize: SANITIZE }) } : null,
    entrypoint,
    stopSignal,
    environment: { ...recipe.environment },
    ports: recipe.ports,
    labels: labels(distro, profile, lock, languages),
    budget: budget + ((distro.gpu && family.gpuBudget) || 0),
    repository: recipe.repository,
  }
}

function packages(distro: Distro, family: Family, roles: string[], locales: string[] = []): string[] {
  const names = roles.flatMap((role) => {
    const { add = [], remove = [] } = distro.packages[role] ?? {}
    return [...(family.packages[role] ?? []).filter((name) => !remove.includes(name)), ...add]
  })
  const { languagePackage } = family.packageManager
  const further = locales.flatMap((locale) => languagePackage?.replace("{language}", locale.split("_")[0] as string) ?? [])
  return [...new Set([...names, ...further])].sort()
}

function toolchain(pins: Lock, distro: Distro, family: Family, archives: Archives, version: string): Toolchain {
  const { base: shared, environment, xorg } = family.components as NonNullable<Family["components"]>
  return {
    base: baseOf(pins, distro.components?.base ?? shared),
    archives,
    packages: packages(distro, family, [BUILD_ROLES.components]),
    nodePackages: packages(distro, family, [BUILD_ROLES.nodeModules]),
    environment,
    flags: (xorg[version] as { flags: string }).flags,
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
