import { z } from "zod"
import { FarmError } from "../errors.ts"
import { descriptor, joined } from "../registry/oci.ts"
import { parseFile } from "../schema.ts"
import type { Publication } from "./targets.ts"

const proven = descriptor.omit({ platform: true }).extend({ repository: z.string(), tag: z.string(), platform: z.string() })

/** One platform's image that lies in a registry and kept its promises there. */
export type Proven = z.infer<typeof proven>

/** What `prove` said, of one machine or several. */
export function provenOf(texts: string[]): Proven[] {
  return texts.flatMap((text) => parseFile("--proven", text, z.array(proven)))
}

/** The index of a publication's images; throws where one of its platforms is missing. */
export function indexOf({ repository, tag, platforms }: Publication, all: Proven[]): string {
  const mine = all.filter((one) => one.repository === repository && one.tag === tag)
  const missing = platforms.filter((platform) => !mine.some((one) => one.platform === platform))
  if (missing.length)
    throw new FarmError(`${repository}:${tag} was not proven for ${missing.join(", ")}, so its tag stays; prove that and join again`)
  return joined(new Map(mine.map((one) => [one.platform, one])))
}
