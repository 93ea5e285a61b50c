import { choices, FarmError } from "../errors.ts"
import { parseFile, parseValue } from "../schema.ts"
import { type Distro, type DistroFile, distroFileSchema, distroSchema } from "./distro.ts"
import { type Family, familySchema } from "./family.ts"
import { type Profile, RECIPES } from "./profiles.ts"

/** Every distro and family that a call can name. */
export interface Catalog {
  distros: Map<string, Distro>
  families: Map<string, Family>
  /** The texts it was read from, by path below their folder of distros. */
  files: Map<string, string>
}

/** The catalog in the texts of `NAME/distro.json` and `_families/NAME/family.json`; throws at the first bad file. */
export function catalog(files: Map<string, string>): Catalog {
  const families = new Map<string, Family>()
  const raw = new Map<string, DistroFile>()
  for (const [path, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const family = path.match(/^_families\/([^/]+)\/family\.json$/)?.[1]
    const distro = path.match(/^([^_/][^/]*)\/distro\.json$/)?.[1]
    if (family) families.set(family, named(path, family, parseFile(`distros/${path}`, text, familySchema)))
    if (distro) raw.set(distro, named(path, distro, parseFile(`distros/${path}`, text, distroFileSchema)))
  }
  const distros = new Map([...raw.keys()].map((name) => [name, resolve(name, raw, families)]))
  return { distros, families, files }
}

/** The distro of a name; throws with the valid ones. */
export function findDistro(from: Catalog, name: string): Distro {
  const distro = from.distros.get(name)
  if (!distro) throw new FarmError(`--distro=${name}: no such distro; expected one of ${choices(from.distros.keys())}`)
  return distro
}

/** The names of a distro and of those that it extends, nearest first. */
export function lineage(from: Catalog, name: string): string[] {
  const names = [name]
  for (;;) {
    const file = parseFile(`distros/${names.at(-1)}/distro.json`, from.files.get(`${names.at(-1)}/distro.json`) ?? "", distroFileSchema)
    if (!file.extends) return names
    names.push(file.extends)
  }
}

function named<T extends { name: string }>(path: string, folder: string, value: T): T {
  if (value.name === folder) return value
  throw new FarmError(`distros/${path}: name: expected "${folder}" like its folder, got "${value.name}"`)
}

function resolve(name: string, raw: Map<string, DistroFile>, families: Map<string, Family>): Distro {
  const file = `distros/${name}/distro.json`
  const { extends: _, $schema: __, ...merged } = merge(name, raw, [])
  const distro = parseValue(file, merged, distroSchema)
  const family = families.get(distro.family)
  if (!family) throw new FarmError(`${file}: family: expected one of ${choices(families.keys())}, got "${distro.family}"`)
  const compiled = Object.keys(distro.profiles).find((profile) => RECIPES[profile as Profile].fromSource)
  if (compiled && !family.components) {
    throw new FarmError(
      `${file}: profiles.${compiled}: expected none, since distros/_families/${family.name}/family.json has no "components" to say how what is built from source is compiled`,
    )
  }
  if (distro.languages.length && !family.packageManager.languages) {
    throw new FarmError(`${file}: languages: expected none, since distros/_families/${family.name}/family.json has no "languages"`)
  }
  if (distro.gpu && !family.gpuBudget) {
    throw new FarmError(`${file}: gpu: expected false, since distros/_families/${family.name}/family.json has no "gpuBudget"`)
  }
  for (const role of Object.keys(distro.packages)) {
    if (!family.packages[role]) {
      throw new FarmError(`${file}: packages.${role}: expected a role of ${distro.family}: ${choices(Object.keys(family.packages))}`)
    }
  }
  return distro
}

function merge(name: string, raw: Map<string, DistroFile>, seen: string[]): DistroFile {
  const own = raw.get(name) as DistroFile
  const file = `distros/${name}/distro.json`
  if (own.extends === undefined) return own
  const chain = [...seen, name]
  if (chain.includes(own.extends)) throw new FarmError(`${file}: extends: expected no cycle, got ${[...chain, own.extends].join(" → ")}`)
  if (!raw.has(own.extends)) throw new FarmError(`${file}: extends: expected one of ${choices(raw.keys())}, got "${own.extends}"`)
  const parent = merge(own.extends, raw, chain)
  if (own.family && own.family !== parent.family) {
    throw new FarmError(`${file}: family: expected "${parent.family}" like ${own.extends}, which it extends, got "${own.family}"`)
  }
  const roles = new Set([...Object.keys(parent.packages ?? {}), ...Object.keys(own.packages ?? {})])
  const packages = Object.fromEntries([...roles].map((role) => [role, both(parent.packages?.[role], own.packages?.[role])]))
  const profiles = own.profiles ?? unmeasured(parent.profiles)
  const keys = [...(parent.keys ?? []), ...(own.keys ?? [])]
  const archives = [...(parent.archives ?? []), ...(own.archives ?? [])]
  return { ...parent, ...own, packages, profiles, keys, archives, snapshots: [...(own.snapshots ?? []), ...(parent.snapshots ?? [])] }
}

/** The same profiles without what images of another distro weigh. */
function unmeasured({ helios, kvdi }: Distro["profiles"] = {}): Distro["profiles"] {
  return { ...(helios && { helios: { ...helios, size: {} } }), ...(kvdi && { kvdi: { ...kvdi, size: {} } }) }
}

type Changes = Distro["packages"][string]

/** What a distro changes in a role on top of what its parent does. */
function both(parent: Changes = { add: [], remove: [] }, own: Changes = { add: [], remove: [] }): Changes {
  return {
    add: [...parent.add.filter((name) => !own.remove.includes(name)), ...own.add],
    remove: [...parent.remove.filter((name) => !own.add.includes(name)), ...own.remove],
  }
}
