import type { Container } from "@dagger.io/dagger"
import { FarmError } from "../../core/errors.ts"
import type { Plan } from "../../core/plan/plan.ts"
import { type Base, referenceOf } from "../../core/sources/bases.ts"
import type { Farm } from "../farm.ts"
import { pull } from "../pull.ts"
import { tool } from "../toolbox.ts"

/** The processor that an ELF file is for, as its bytes 18 and 19 say. */
const MACHINES: Record<string, string> = { "3e 00": "linux/amd64", "b7 00": "linux/arm64" }

/** A base image of a plan, pulled; throws one line if no registry has it, or what was given for it by a digest is for another platform. */
export async function pullBase(farm: Farm, plan: Plan, base: Base): Promise<Container> {
  const { distro, platform } = plan
  const pulled = await pull(`${distro}: no registry gave its base image`, base, platform)
  if (!farm.lock.bases.get(base.image)?.digest) return pulled
  // The engine compares the platforms of an index alone, not that of an image by its own digest.
  const read = ["od", "--address-radix=n", "--format=x1", "--skip-bytes=18", "--read-bytes=2", "/mnt/bin/sh"]
  const said = await (await tool(farm, "rootfs")).withMountedDirectory("/mnt", pulled.rootfs()).withExec(read).stdout()
  const found = MACHINES[said.trim()]
  if (found === platform) return pulled
  throw new FarmError(
    `--bases: "${base.image}": expected the digest of an index or of an image for ${platform}, got one for ${found ?? "another platform"}: ${referenceOf(base)}`,
  )
}
