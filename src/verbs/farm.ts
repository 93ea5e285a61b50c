import { existsSync, mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Directory, dag, type File, type Secret, type Service, type Socket } from "@dagger.io/dagger"
import type { Taken } from "../core/attest/provenance.ts"
import { type Catalog, catalog } from "../core/catalog/catalog.ts"
import { FarmError } from "../core/errors.ts"
import type { Slice } from "../core/plan/parts.ts"
import type { Plan } from "../core/plan/plan.ts"
import { type Answers, answers } from "../core/sources/answers.ts"
import { OWN_PLACES, type Places, places as placesOf } from "../core/sources/archives.ts"
import { bases as basesOf, byTag } from "../core/sources/bases.ts"
import { type Lock, lock } from "../core/sources/lock.ts"
import { type Patches, patches } from "../core/sources/patches.ts"
import { filesBelow, folderOf } from "./folder.ts"

const ROOT = join(import.meta.dirname, "../..")

/** Where an engine says which repositories of Docker Hub's it has images of its own for: the one that dagger/run builds makes Debian's. */
const STAND_INS = "/etc/helios/stand-ins"

/** What every verb needs: the catalog, the lock and the folders that a plan names. */
export interface Farm {
  catalog: Catalog
  lock: Lock
  patches: Patches
  answers: Answers
  /** Where upstreams are taken from instead of their own addresses, as HOST/OWNER/NAME below it. */
  mirror?: string
  /** Where archives and the registries of npm and PyPI are taken from instead of their own addresses. */
  places: Places
  /** git's own configuration for fetching them. */
  gitConfig?: Secret
  /** An agent with SSH's keys for fetching them. */
  ssh?: Socket
  /** Whether a distro is the caller's own. */
  isGuest(distro: string): boolean
  /** Whether what is compiled may come from what was compiled before, which anyone may have who calls this engine. */
  compilerCache: boolean
  /** A folder of the farm, or of the caller's own distros. */
  folder(path: string): Directory
  /** Where components lie that others built. */
  store?: ComponentStore
}

/** What was built before and is signed by whom the caller trusts. */
export interface ComponentStore {
  /** The files of a plan's part, or undefined if there is none by its key, or none that is to be used, which is told. */
  take(plan: Plan, slice: Slice): Promise<Directory | undefined>
  /** What was taken for a plan, sorted by name. */
  takenFor(plan: Plan): Taken[]
}

/** The text of a file of the farm's own source. */
export function farmText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8")
}

/** The farm's own address and version, as package.json has them. */
export function origin(): { repository: string; version: string } {
  return JSON.parse(farmText("package.json"))
}

/** The files and links below a folder of the farm's own source, as paths below that folder. */
export function farmFiles(path: string): string[] {
  return filesBelow(join(ROOT, path))
}

/** A store of components as a caller names it. */
export interface StoreOptions {
  /** HOST/PATH, and whose signature counts there, as JSON of StorePlace. */
  storeAt?: string
  /** The public key of cosign's that has signed it, if no workflow has. */
  storeKey?: File
  /** The account there, as NAME:TOKEN; anonymous without. */
  storeLogin?: Secret
  /** The registry itself if only this machine reaches it. */
  storeLocal?: Service
}

/** What a caller brings to the farm. */
export interface Guest extends StoreOptions, Pick<Farm, "mirror" | "gitConfig" | "ssh"> {
  /** Further distros. */
  extra?: Directory
  /** Other addresses or digests for images, as JSON. */
  bases?: File
  /** Other addresses for archives and registries of packages, as JSON. */
  archives?: File
}

/** What a caller brought, without what else there is of them. */
export function guestOf(of: Guest): Guest {
  const { extra, bases, archives, mirror, gitConfig, ssh, storeAt, storeKey, storeLogin, storeLocal } = of
  return { extra, bases, archives, mirror, gitConfig, ssh, storeAt, storeKey, storeLogin, storeLocal }
}

/** The farm, with what its caller brings to it; throws one line if that doesn't fit. A release takes no compiler cache. */
export async function openFarm({ extra, bases, archives, mirror, gitConfig, ssh }: Guest = {}, compilerCache = true): Promise<Farm> {
  if (mirror && !/^(git|https?|ssh):\/\/[A-Za-z0-9._:@/~-]+$/.test(mirror)) {
    throw new FarmError(`--mirror=${mirror}: expected an address such as git://HOST/PATH, below which github.com/OWNER/NAME lies`)
  }
  const files = new Map(farmFiles("distros").map((path) => [path, path.endsWith(".json") ? farmText(`distros/${path}`) : ""]))
  const builtIn = new Set([...files.keys()].map(ownerOf))
  const guest = extra && { files: extra, copy: await copied(extra) }
  for (const path of guest ? filesBelow(guest.copy) : []) {
    const owner = ownerOf(path)
    if (builtIn.has(owner))
      throw new FarmError(`--distros: distros/${owner} is the farm's own; give yours another name, and let it extend that one`)
    const isData = /^(_families\/)?[^/]+\/(distro|family)\.json$/.test(path)
    files.set(path, guest && isData ? readFileSync(join(guest.copy, path), "utf8") : "")
  }
  const folder = (path: string) => {
    const below = path.replace(/^distros\//, "")
    if (guest && below !== path && !builtIn.has(ownerOf(below)))
      return folderOf(join(guest.copy, below), (file) => guest.files.file(join(below, file)))
    return folderOf(join(ROOT, path), (file) => dag.currentModule().source().file(join(path, file)))
  }
  const changes = new Map(farmFiles("common/build/patches").map((path) => [path, farmText(`common/build/patches/${path}`)]))
  const known = catalog(files)
  const pinned = await pins(known, bases)
  const patched = patches(changes)
  return {
    catalog: known,
    lock: pinned,
    patches: patched,
    answers: answers(changes, pinned, patched),
    mirror,
    places: archives ? placesOf(await archives.contents(), known) : OWN_PLACES,
    gitConfig,
    ssh,
    isGuest: (distro) => !builtIn.has(distro),
    compilerCache,
    folder,
  }
}

/** The lock, with what this engine or the caller has in place of images that it names or that distros ask for. */
async function pins({ distros, families }: Catalog, given?: File): Promise<Lock> {
  const pinned = lock(farmText("sources.lock.json"))
  const asked = [
    ...pinned.images.keys(),
    ...[...distros.values(), ...families.values()].flatMap((one) => ["base" in one ? one.base : [], one.components?.base ?? []].flat()),
  ]
  const standIns = existsSync(STAND_INS) ? readFileSync(STAND_INS, "utf8").split("\n") : []
  return { ...pinned, bases: new Map([...byTag(standIns, asked), ...(given ? basesOf(await given.contents(), asked) : [])]) }
}

/** The distro or family whose file that is, as its folder's path below a folder of distros. */
const ownerOf = (path: string) => path.match(/^(_families\/)?[^/]+/)?.[0] as string

/** Copies a folder of the caller's to this disk: its path here. */
async function copied(folder: Directory): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), "distros-"))
  await folder.export(copy)
  return copy
}
