import { type Container, type Directory, dag } from "@dagger.io/dagger"
import type { Key } from "../../core/catalog/distro.ts"
import { failureReason } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { inventory } from "../../core/image/package-list.ts"
import type { Archives, Plan } from "../../core/plan/plan.ts"
import { checkDated, keyName } from "../../core/sources/archives.ts"
import type { Base } from "../../core/sources/bases.ts"
import { archiveKey } from "../../stages/archive-key.ts"
import { hashes, type Installation, packages } from "../../stages/packages.ts"
import { scripts } from "../../stages/scripts.ts"
import type { Farm } from "../farm.ts"
import { tool } from "../toolbox.ts"
import { pullBase } from "./base.ts"

/** Packages from archives on a base. */
export interface Wanted {
  /** What errors call it. */
  name: string
  /** What its cache volumes are named by. */
  volumes: string
  base: Base
  archives: Archives
  packages: string[]
  languages?: string[]
}

/** What an image is made of before components and overlays are laid over it. */
export interface Installed {
  system: Container
  /** Makes the list of its packages, to be laid over it. */
  list(): Promise<Directory>
}

/**
 * What the cache volumes of a distro's packages are named by. A caller's own distro has them apart, whatever it is called: what its archives
 * and settings leave there is nothing for the farm's own. No distro's name has an underscore.
 */
export function volumesOf(farm: Farm, { distro }: Plan): string {
  return farm.isGuest(distro) ? `guest_${distro}` : distro
}

/** The packages of a plan on its base, after its distro's own scripts have run. */
export async function install(farm: Farm, plan: Plan): Promise<Installed> {
  const settings = plan.settings.map((path) => farm.folder(path))
  const wanted = { ...plan, name: plan.distro, volumes: volumesOf(farm, plan), places: farm.places.archives }
  const installed = await installPackages(farm, plan, wanted, settings)
  const system = scripts(installed, plan.scripts, reproducibleOf(farm), (path) => farm.folder(path))
  const list = async () => {
    const [listed, hashed] = await explainFailure(`${plan.distro}: its packages and their hashes could not be listed`, () =>
      Promise.all([system.withExec(plan.packageManager.list).stdout(), hashes(wanted, installed).stdout()]),
    )
    return dag.directory().withNewFile("usr/share/doc/helios/packages.tsv", inventory(listed, hashed))
  }
  return { system, list }
}

/** A base with packages for a plan, from archives whose keys are checked; throws one line when one can't be had. */
export async function installPackages(farm: Farm, plan: Plan, wanted: Wanted, settings: Directory[] = []): Promise<Container> {
  const request = await installationOf(farm, plan, wanted, settings)
  const install = (refreshed?: string) => packages({ ...request, refreshed }).sync()
  return explainFailure(`${plan.distro}: the packages of ${wanted.name} could not be installed`, () =>
    // The index may be one of long ago, from a layer that the engine kept.
    install().catch(() => install(new Date().toISOString())),
  )
}

/** How those are installed. */
export async function installationOf(farm: Farm, plan: Plan, wanted: Wanted, settings: Directory[] = []): Promise<Installation> {
  const { archives, base } = wanted
  const { platform, packageManager, asOf, snapshots } = plan
  checkDated(farm.places, asOf, snapshots)
  const bare = await pullBase(farm, plan, base)
  const trusted = await Promise.all(archives.keys.map((key) => trust(farm, plan, key, bare)))
  const folders = [...archives.folders.map((path) => farm.folder(path)), ...trusted, ...settings]
  const places = farm.places.archives
  return { ...wanted, platform, packageManager, asOf, snapshots, places, settings: folders, reproducible: reproducibleOf(farm) }
}

const reproducibleOf = (farm: Farm) => farm.folder("common/build/scripts").file("reproducible")

async function trust(farm: Farm, { distro }: Plan, key: Key, base: Container): Promise<Directory> {
  const program = farm.folder("common/build/scripts").file("check-key")
  const found = key.url ? { ...key, url: farm.places.keys.get(keyName(key)) ?? key.url } : key
  const checker = (await tool(farm, "keys")).withFile("/usr/local/bin/check-key", program, { permissions: 0o755 })
  return explainFailure(`${distro}: the key ${found.url ?? key.path} can't be trusted`, () => archiveKey(found, base, checker).sync())
}

async function explainFailure<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new FarmError(`${what}: ${failureReason(cause)}`, { cause })
  }
}
