import { z } from "zod"
import { FarmError } from "../errors.ts"
import { descriptor, joined } from "../registry/oci.ts"
import { parseFile } from "../schema.ts"
import type { ReleaseTarget } from "./targets.ts"

const proven = descriptor.omit({ platform: true }).extend({ repository: z.string(), tag: z.string(), platform: z.string() })

/** One platform's image that is in a registry and passed its smoke test there. */
export type TestedImage = z.infer<typeof proven>

/** The tested images in the outputs of `prove`, of one machine or several. */
export function parseTested(texts: string[]): TestedImage[] {
  return texts.flatMap((text) => parseFile("--proven", text, z.array(proven)))
}

/** The index over a target's tested images; throws if a platform is missing. */
export function indexOf({ repository, tag, platforms }: ReleaseTarget, all: TestedImage[]): string {
  const mine = all.filter((one) => one.repository === repository && one.tag === tag)
  const missing = platforms.filter((platform) => !mine.some((one) => one.platform === platform))
  if (missing.length)
    throw new FarmError(
      `${repository}:${tag} was not tested for ${missing.join(", ")}, so its tag stays; run \`prove --platform=…\` and \`join\` again`,
    )
  return joined(new Map(mine.map((one) => [one.platform, one])))
}
