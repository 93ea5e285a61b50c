import { createHash } from "node:crypto"
import { z } from "zod"
import { FarmError } from "./errors.ts"
import { parseFile } from "./schema.ts"

const entry = z.strictObject({
  image: z.string().min(1),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, "expected sha256: and 64 hexadecimal digits")
    .nullable(),
})

/** sources.lock.json: what every base image was when it was last proven. */
export interface Lock {
  /** Digest by image, null where nobody with a registry at hand has pinned it yet. */
  images: Map<string, string | null>
  /** SHA-256 of the file. */
  hash: string
}

/** Reads the lock; throws when it isn't sorted or names an image twice. */
export function lock(text: string): Lock {
  const entries = parseFile("sources.lock.json", text, z.array(entry))
  const names = entries.map(({ image }) => image)
  const unsorted = names.find((name, index) => index > 0 && name <= (names[index - 1] as string))
  if (unsorted) throw new FarmError(`sources.lock.json: expected entries sorted by name and each once, got "${unsorted}" out of order`)
  return {
    images: new Map(entries.map(({ image, digest }) => [image, digest])),
    hash: createHash("sha256").update(text).digest("hex"),
  }
}
