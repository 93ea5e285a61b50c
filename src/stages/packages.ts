import { CacheSharingMode, type Container, type Directory, dag, type File, type Platform } from "@dagger.io/dagger"
import type { Family } from "../core/catalog/family.ts"
import { type Base, referenceOf } from "../core/sources/bases.ts"
import { reproducible } from "./reproducible.ts"

/** What a package manager is run with. */
export interface Managed {
  /** What the cache volumes are named by, which distros don't share. */
  volumes: string
  platform: string
  packageManager: Family["packageManager"]
  /** A date that keeps layers of another day from being reused. */
  asOf: string | null
  /** Where archives are found as they were on that day, by archive; null for the live ones. */
  snapshots: Record<string, string> | null
  /** Where live archives are taken from in place of their own addresses, by archive. */
  places: Map<string, string>
  /** A moment, to fetch the index anew whatever the engine has cached. */
  refreshed?: string
}

/** What is installed on which base. */
export interface Installation extends Managed {
  base: Base
  packages: string[]
  /** Locales that are made, of whose languages translations are kept. */
  languages?: string[]
  /** Folders that lie over the base first. */
  settings: Directory[]
  /** common/build/scripts/reproducible. */
  reproducible: File
}

/** A base image from a registry, by its digest if it is pinned. */
export function baseImage({ platform, base }: Pick<Installation, "platform" | "base">): Container {
  return dag.container({ platform: platform as Platform }).from(referenceOf(base))
}

/** A distro's base, upgraded, with its signed packages; index and downloads stay in cache volumes. */
export function packages(wanted: Installation): Container {
  const { packageManager: manager } = wanted
  const installing = [...manager.setup, manager.refresh, ...changing(wanted)]
  return after(wanted, [...moved(wanted), ...spoken("keep", wanted), ...installing, ...spoken("make", wanted), ...movedBack(wanted)])
}

/** Containers that have printed what its upgrade and its installation would do; none if its package manager can't say so beforehand. */
export function simulations(wanted: Installation): Container[] {
  const { simulate, setup, refresh } = wanted.packageManager
  if (!simulate) return []
  return changing(wanted).map((command) => after(wanted, [...moved(wanted), ...setup, refresh, [...command, ...simulate]]))
}

const changing = ({ packageManager: manager, packages: names }: Installation) => [...manager.upgrade, [...manager.install, ...names]]

function after(wanted: Installation, commands: string[][]): Container {
  const base = wanted.settings.reduce((container, folder) => container.withDirectory("/", folder), baseImage(wanted))
  return withCaches(wanted, base, (container) =>
    commands.reduce((before, command) => reproducible(before, wanted.reproducible, command), container),
  )
}

function spoken(how: "keep" | "make", { packageManager: manager, languages = [] }: Installation): string[][] {
  return manager.languages && languages.length ? [[...manager.languages, how, ...languages]] : []
}

/** A container that has printed the hashes that the index has of the installed packages. */
export function hashes(wanted: Managed, installed: Container): Container {
  const commands = [...moved(wanted), wanted.packageManager.hashes]
  return withCaches(wanted, installed, (container) => commands.reduce((before, command) => before.withExec(command), container))
}

/** What has archives taken as they were on the date, or from other addresses; nothing for the live ones at their own. */
export function moved({
  packageManager: { archives },
  snapshots,
  places,
}: Pick<Managed, "packageManager" | "snapshots" | "places">): string[][] {
  const all = snapshots ? Object.entries(snapshots) : [...places]
  if (!archives || !(snapshots || all.length)) return []
  return [[...archives, snapshots ? "of-day" : "elsewhere", ...all.map(([archive, address]) => `${archive}=${address}`)]]
}

/** What has them taken from their own addresses again. */
function movedBack(wanted: Managed): string[][] {
  return moved(wanted).map(() => [...(wanted.packageManager.archives ?? []), "own"])
}

function withCaches(wanted: Managed, container: Container, work: (container: Container) => Container): Container {
  const { packageManager: manager, platform } = wanted
  const variables = new Map(Object.entries(manager.environment))
  if (wanted.asOf) variables.set("HELIOS_AS_OF", wanted.asOf)
  if (wanted.refreshed) variables.set("HELIOS_REFRESHED", wanted.refreshed)
  const mounted = manager.cacheDirs.reduce((before, path) => {
    const volume = dag.cacheVolume(
      `helios-${wanted.volumes}${wanted.snapshots ? "-dated" : wanted.places.size ? "-elsewhere" : ""}-${platform.replace("/", "-")}${path.replaceAll("/", "-")}`,
    )
    return before.withMountedCache(path, volume, { sharing: CacheSharingMode.Locked })
  }, container)
  const set = [...variables].reduce((before, [name, value]) => before.withEnvVariable(name, value), mounted)
  const cleared = [...variables.keys()].reduce((before, name) => before.withoutEnvVariable(name), work(set))
  return manager.cacheDirs.reduce((before, path) => before.withoutMount(path), cleared)
}
