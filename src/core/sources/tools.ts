import { z } from "zod"
import { packageName } from "../catalog/distro.ts"
import { parseFile } from "../schema.ts"

const schema = z.strictObject({
  base: z.string(),
  family: z.string(),
  packages: z.record(z.string(), z.array(packageName)),
  images: z.strictObject({ cosign: z.string(), grype: z.string(), syft: z.string() }),
})

/** The packages of the farm's own tools, by purpose, the base they are installed on, and the tools that are images of their own. */
export type Tools = z.infer<typeof schema>

/** The farm's own tools: the packages and images that common/tools.json names. */
export function tools(text: string): Tools {
  return parseFile("common/tools.json", text, schema)
}
