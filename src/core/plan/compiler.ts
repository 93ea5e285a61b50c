import { createHash } from "node:crypto"
import type { Plan } from "./plan.ts"

/**
 * What a plan's compilers are called in the names of cache volumes: by their base, and by all that else is in them. So two plans have them in
 * common only if nothing of theirs differs, and a caller's own distro with a base, archives or a family of its own writes into no cache that
 * others' compilers read.
 */
export function compilerName({ packageManager, toolchain }: Pick<Plan, "packageManager" | "toolchain">): string {
  const { base, archives, packages, environment } = toolchain as NonNullable<Plan["toolchain"]>
  const all = JSON.stringify({ base, archives, packages, environment, packageManager })
  const hash = createHash("sha256").update(all).digest("hex").slice(0, 12)
  return `${base.image.replace(/[^a-z0-9.]+/g, "-")}-${hash}`
}
