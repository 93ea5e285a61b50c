import { z } from "zod"
import { packageName } from "./distro.ts"
import { parseFile } from "./schema.ts"

const schema = z.strictObject({
  base: z.string(),
  family: z.string(),
  packages: z.record(z.string(), z.array(packageName)),
})

/** The packages of the farm's own tools, by purpose, and the base they are installed on. */
export type Tools = z.infer<typeof schema>

/** Reads common/tools.json. */
export function tools(text: string): Tools {
  return parseFile("common/tools.json", text, schema)
}
