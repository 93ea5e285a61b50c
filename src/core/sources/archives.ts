import { z } from "zod"
import type { Catalog } from "../catalog/catalog.ts"
import type { Key } from "../catalog/distro.ts"
import { choices, FarmError } from "../errors.ts"
import { parseFile } from "../schema.ts"

/** Where archives of packages, their keys and the registries of npm and PyPI are taken from in place of their own addresses. */
export interface Places {
  /** By archive, as its package manager's files name it. */
  archives: Map<string, string>
  /** By the name of the key's file. */
  keys: Map<string, string>
  npm?: string
  pypi?: string
}

/** Everything at its own address. */
export const OWN_PLACES: Places = { archives: new Map(), keys: new Map() }

const schema = z.record(
  z.string(),
  z
    .string()
    .regex(
      /^https?:\/\/[A-Za-z0-9.-]+(:[0-9]+)?(\/[A-Za-z0-9._~%$-]+)*\/?$/,
      "expected an http or https address without a login, such as https://registry.example/debian",
    ),
)

/** Parses the file of --archives: other addresses for some of the archives, keys and registries that the farm knows. */
export function places(text: string, { distros, families }: Catalog, where = "--archives"): Places {
  const owners = [...distros.values(), ...families.values()]
  const archives = new Set(owners.flatMap((owner) => [...owner.archives, ...owner.snapshots.map(({ archive }) => archive)]))
  const keys = new Set(owners.flatMap((owner) => owner.keys.filter(({ url }) => url).map(keyName)))
  const { npm, pypi, ...others } = parseFile(where, text, schema)
  for (const name of Object.keys(others)) {
    if (archives.has(name) || keys.has(name)) continue
    const expected = choices([...archives, ...keys, "npm", "pypi"].sort())
    throw new FarmError(`${where}: "${name}": no archive, key or registry of that name is known; expected one of ${expected}`)
  }
  const among = (known: Set<string>) => new Map(Object.entries(others).filter(([name]) => known.has(name)))
  return { archives: among(archives), keys: among(keys), npm, pypi }
}

/** Throws if archives are said to be elsewhere that are taken as they were on a day. */
export function checkDated({ archives }: Places, asOf: string | null, snapshots: Record<string, string> | null): void {
  const moved = Object.keys(snapshots ?? {}).find((archive) => archives.has(archive))
  if (moved)
    throw new FarmError(
      `--as-of=${asOf}: --archives says where ${moved} is now, not where it is as it was that day: expected one of the two`,
    )
}

/** What a key is called: its file. */
export const keyName = ({ path }: Key) => path.replace(/.*\//, "")
