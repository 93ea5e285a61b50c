import picomatch from "picomatch"
import { z } from "zod"
import { parseFile } from "../schema.ts"
import type { Entry } from "./mtree.ts"

const FILE = "common/generated.json"

/** A limit, so that the list stays reviewable. */
const MOST = 40

const schema = z
  .array(
    z.strictObject({
      /** A glob of paths. */
      paths: z.string().regex(/^\/[^/]/, "expected a glob of absolute paths"),
      /** A glob of their targets, if they must be links. */
      to: z.string().min(1).optional(),
      reason: z.string().min(1),
    }),
  )
  .max(MOST, `expected at most ${MOST} patterns`)

/** A kind of files that no package brings, as they are made while packages are installed. */
export interface Pattern {
  name: string
  matches(path: string, entry: Entry): boolean
}

/** The patterns of common/generated.json, which say of files that no package brings how they come to be. */
export function generated(text: string): Pattern[] {
  return parseFile(FILE, text, schema).map(({ paths, to }) => {
    const isPath = picomatch(paths, { dot: true })
    const isTarget = to === undefined ? undefined : picomatch(to, { dot: true })
    const matches = (path: string, { link }: Entry) => isPath(path) && (!isTarget || (link !== undefined && isTarget(link)))
    return { name: to === undefined ? paths : `${paths} → ${to}`, matches }
  })
}
