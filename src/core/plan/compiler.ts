import { digestOf } from "../registry/oci.ts"
import type { Plan } from "./plan.ts"

/** An image's name with dashes for what may not stand in the names of cache volumes. */
export const slug = (image: string): string => image.replace(/[^a-z0-9.]+/g, "-")

/**
 * What a plan's compilers are called in the names of cache volumes: by their base, and by all that else is in them. So two plans have them in
 * common only if nothing of theirs differs, and a caller's own distro with a base, archives or a family of its own writes into no cache that
 * others' compilers read.
 */
export function compilerName({ packageManager, toolchain }: Pick<Plan, "packageManager" | "toolchain">): string {
  const { base, archives, packages, environment } = toolchain as NonNullable<Plan["toolchain"]>
  const all = JSON.stringify({ base, archives, packages, environment, packageManager })
  return `${slug(base.image)}-${digestOf(all).replace("sha256:", "").slice(0, 12)}`
}
