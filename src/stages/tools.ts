import type { Container } from "@dagger.io/dagger"
import { choices, FarmError } from "../core/errors.ts"
import type { Family } from "../core/family.ts"
import type { Tools } from "../core/tools.ts"
import type { Farm } from "../verbs/farm.ts"
import { packages } from "./packages.ts"

/** The farm's own tools for one purpose, as a container: signed packages on the base of common/tools.json. */
export function toolbox(farm: Farm, tools: Tools, purpose: string, platform: string): Container {
  const names = tools.packages[purpose]
  if (!names) throw new FarmError(`common/tools.json: packages: expected "${purpose}", got ${choices(Object.keys(tools.packages))}`)
  const { packageManager } = farm.catalog.families.get(tools.family) as Family
  const base = { image: tools.base, digest: farm.lock.images.get(tools.base) ?? null }
  const settings = [farm.folder(`distros/_families/${tools.family}/root`)]
  return packages({ name: "tools", platform, base, packageManager, packages: names, settings, asOf: null })
}
