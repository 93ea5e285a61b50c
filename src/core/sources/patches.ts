import { z } from "zod"
import { FarmError } from "../errors.ts"
import { parseFile } from "../schema.ts"

const fuzz = z.int().min(0).max(3).default(0)

const entry = z.union([
  z.strictObject({
    commit: z.string().regex(/^[0-9a-f]{40}$/, "expected a commit of 40 hexadecimal digits"),
    fixes: z.string().min(1),
    fuzz,
    exclude: z.array(z.string()).default([]),
  }),
  z.strictObject({
    file: z.string().regex(/^[a-z0-9-]+\.patch$/, "expected a file's name, such as why.patch"),
    fixes: z.string().min(1),
    fuzz,
  }),
  z.strictObject({
    shipped: z.string().regex(/^[A-Za-z0-9/._-]+\.patch$/, "expected a path below KasmVNC's source"),
    fixes: z.string().min(1),
    fuzz,
  }),
])

/** A change to an upstream's source: a commit of its later history, a file of ours, or one that KasmVNC ships. */
export type Patch = z.infer<typeof entry>

/** The vulnerabilities that a patch fixes, by their CVE numbers. */
export function cves({ fixes }: Patch): string[] {
  return fixes.startsWith("prerequisite of ") ? [] : [...fixes.matchAll(/CVE-\d{4}-\d{4,}/g)].map(([id]) => id)
}

/** Every component's patches by its name, in the order in which they are applied. */
export type Patches = Map<string, Patch[]>

/** The patches of each component, from the texts below common/build/patches: a series.json, or else every .patch in name order. */
export function patches(files: Map<string, string>): Patches {
  const names = new Set([...files.keys()].map((path) => path.split("/")[0] as string))
  return new Map([...names].sort().map((name) => [name, series(name, files)]))
}

function series(name: string, files: Map<string, string>): Patch[] {
  const prefix = `${name}/`
  const own = [...files.keys()].filter((path) => path.startsWith(prefix) && path.endsWith(".patch")).sort()
  const text = files.get(`${name}/series.json`)
  if (!text) return own.map((path) => ({ file: path.slice(prefix.length), fixes: path, fuzz: 0 }))
  const list = `common/build/patches/${name}/series.json`
  const named = parseFile(list, text, z.array(entry))
  const listed = named.flatMap((patch) => ("file" in patch ? [`${prefix}${patch.file}`] : []))
  const unnamed = own.find((path) => !listed.includes(path))
  if (unnamed) throw new FarmError(`${list}: expected every patch beside it, got none for ${unnamed.slice(prefix.length)}`)
  const missing = listed.find((path) => !own.includes(path))
  if (missing) throw new FarmError(`${list}: file: expected a patch beside it, got ${missing.slice(prefix.length)}`)
  return named
}
