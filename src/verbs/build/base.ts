import type { Container } from "@dagger.io/dagger"
import { FarmError } from "../../core/errors.ts"
import type { Base, Plan } from "../../core/plan/plan.ts"
import { baseImage } from "../../stages/packages.ts"

/** What the engine prints if no registry has an image, or none answers. */
const UNRESOLVED = /failed to resolve image .*?\): (.+)/

/** A base image of a plan, pulled; throws one line if no registry has it. */
export async function pullBase({ distro, platform }: Plan, base: Base): Promise<Container> {
  try {
    return await baseImage({ platform, base }).sync()
  } catch (cause) {
    const { message } = cause as Error
    const reason = message.match(UNRESOLVED)?.[1] ?? message
    throw new FarmError(
      `${distro}: no registry gave its base image ${base.image} (${reason.split("\n")[0]}); run it with an engine that reaches one which has it: the engine that dagger/run builds makes Debian's own bases and no others`,
      { cause },
    )
  }
}
