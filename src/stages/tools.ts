import type { Container } from "@dagger.io/dagger"
import { choices, FarmError } from "../core/errors.ts"
import type { Tools } from "../core/tools.ts"
import { type Installation, packages } from "./packages.ts"

/** The farm's own tools for one purpose, as a container: signed packages on the base of common/tools.json. */
export function toolbox(tools: Tools, purpose: string, on: Omit<Installation, "name" | "packages" | "asOf">): Container {
  const names = tools.packages[purpose]
  if (!names) throw new FarmError(`common/tools.json: packages: expected "${purpose}", got ${choices(Object.keys(tools.packages))}`)
  return packages({ ...on, name: "tools", packages: names, asOf: null })
}
