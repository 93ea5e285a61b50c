import { createHash } from "node:crypto"
import { z } from "zod"
import { choices, FarmError } from "../errors.ts"
import { parseFile, sha256 } from "../schema.ts"
import type { Base, Bases } from "./bases.ts"

const image = z.strictObject({
  image: z.string().min(1),
  digest: sha256.nullable(),
})

const source = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, "expected lower-case letters, digits, dots and dashes"),
  repo: z
    .string()
    .regex(/^https:\/\/[a-z0-9.-]+(\/[A-Za-z0-9._-]+)+$/, "expected an https address without .git, such as https://HOST/OWNER/NAME"),
  ref: z.string().min(1),
  commit: z.string().regex(/^[0-9a-f]{40}$/, "expected a commit of 40 hexadecimal digits"),
})

/** An upstream's git repository at the one commit that is built. */
export type Source = z.infer<typeof source>

/** sources.lock.json: every upstream by commit, and what every base image was when it was last proven. */
export interface Lock {
  /** Digest by image, null if it isn't pinned yet. */
  images: Map<string, string | null>
  /** What a caller's engine or network has in place of some of them. */
  bases: Bases
  /** Upstreams by name. */
  sources: Map<string, Source>
  /** SHA-256 of the file. */
  hash: string
}

/** Parses the lock; `where` is what an error calls it. Throws if it isn't sorted or has a name twice. */
export function lock(text: string, where = "sources.lock.json"): Lock {
  const entries = parseFile(where, text, z.array(z.union([image, source])))
  const names = entries.map((entry) => ("image" in entry ? entry.image : entry.name))
  const unsorted = names.find((name, index) => index > 0 && name <= (names[index - 1] as string))
  if (unsorted) throw new FarmError(`${where}: expected entries sorted by name and each once, got "${unsorted}" out of order`)
  return {
    images: new Map(entries.flatMap((entry) => ("image" in entry ? [[entry.image, entry.digest]] : []))),
    bases: new Map(),
    sources: new Map(entries.flatMap((entry) => ("image" in entry ? [] : [[entry.name, entry]]))),
    hash: createHash("sha256").update(text).digest("hex"),
  }
}

/** An image as it is taken: by its digest in the lock, unless something else was given for it. */
export function baseOf({ images, bases }: Lock, image: string): Base {
  const { address, digest = images.get(image) ?? null } = bases.get(image) ?? {}
  return { image, digest, ...(address ? { address } : {}) }
}

/** The upstream of a name in the lock; throws with the names that are there. */
export function findSource({ sources }: Lock, name: string): Source {
  const found = sources.get(name)
  if (!found) throw new FarmError(`sources.lock.json: expected an entry named "${name}", got ${choices(sources.keys())}`)
  return found
}
