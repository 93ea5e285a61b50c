import type { Catalog } from "../catalog/catalog.ts"
import { choices, FarmError } from "../errors.ts"
import { type Pins, plan } from "../plan/plan.ts"
import type { Base } from "../sources/bases.ts"
import type { DatedReleasePlan } from "./targets.ts"

/** The images that a release's own are made on. */
export function basesOf({ catalog, ...pins }: Pins & { catalog: Catalog }, { targets }: DatedReleasePlan): Base[] {
  return targets.flatMap(({ distro, profile, init, platforms: [platform = ""] }) => {
    const { base, toolchain } = plan(catalog, pins, { distro, profile, init, platform })
    return [base, ...(toolchain ? [toolchain.base] : [])]
  })
}

/** Throws one line that names each image without a digest, and what to do. */
export function assertPinned(images: Base[]): void {
  const open = new Set(images.filter(({ digest }) => !digest).map(({ image }) => image))
  if (!open.size) return
  throw new FarmError(
    `sources.lock.json has no digest for ${choices([...open].sort())}: run \`dagger call -y sources update --images\` where a registry has it and commit that, give it by --bases, or let it pass by --unpinned, which provenance tells`,
  )
}
