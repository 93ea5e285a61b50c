import { choices, FarmError } from "../core/errors.ts"
import type { Tools } from "../core/sources/tools.ts"
import type { Installation } from "./packages.ts"

/** The farm's own tools for some purposes: signed packages on the base of common/tools.json. */
export function toolbox(
  tools: Tools,
  purposes: string[],
  on: Omit<Installation, "volumes" | "packages" | "asOf" | "snapshots">,
): Installation {
  const names = purposes.flatMap((purpose) => {
    const found = tools.packages[purpose]
    if (!found) throw new FarmError(`common/tools.json: packages: expected "${purpose}", got ${choices(Object.keys(tools.packages))}`)
    return found
  })
  return { ...on, volumes: "tools", packages: [...new Set(names)].sort(), asOf: null, snapshots: null }
}
