import { CacheSharingMode, type Container, type Directory, dag, type Platform } from "@dagger.io/dagger"
import type { Family } from "../core/family.ts"

/** What is installed on which base. */
export interface Installation {
  /** Names the cache volumes, which distros don't share. */
  name: string
  platform: string
  base: { image: string; digest: string | null }
  packageManager: Family["packageManager"]
  packages: string[]
  /** Folders that lie over the base first. */
  settings: Directory[]
  /** A date that keeps layers of another day from being reused. */
  asOf: string | null
  /** A moment, where the index is to be fetched anew whatever the engine has kept. */
  refreshed?: string
}

/** A base image as a registry gives it, by its digest where there is one. */
export function bare({ platform, base }: Pick<Installation, "platform" | "base">): Container {
  return dag.container({ platform: platform as Platform }).from(base.digest ? `${base.image}@${base.digest}` : base.image)
}

/** Installs a distro's signed packages on its base; index and downloads stay in cache volumes. */
export function packages(wanted: Installation): Container {
  const { packageManager: manager, platform } = wanted
  let container = bare(wanted)
  for (const folder of wanted.settings) container = container.withDirectory("/", folder)
  for (const path of manager.caches) {
    const volume = dag.cacheVolume(`helios-${wanted.name}-${platform.replace("/", "-")}${path.replaceAll("/", "-")}`)
    container = container.withMountedCache(path, volume, { sharing: CacheSharingMode.Locked })
  }
  for (const [name, value] of Object.entries(manager.environment)) container = container.withEnvVariable(name, value)
  if (wanted.asOf) container = container.withEnvVariable("HELIOS_AS_OF", wanted.asOf)
  if (wanted.refreshed) container = container.withEnvVariable("HELIOS_REFRESHED", wanted.refreshed)
  for (const command of manager.prepare) container = container.withExec(command)
  container = container.withExec(manager.refresh).withExec([...manager.install, ...wanted.packages])
  for (const name of [...Object.keys(manager.environment), "HELIOS_AS_OF", "HELIOS_REFRESHED"])
    container = container.withoutEnvVariable(name)
  return manager.caches.reduce((cleared, path) => cleared.withoutMount(path), container)
}
