import type { Container } from "@dagger.io/dagger"
import { FarmError } from "../core/errors.ts"
import { type Base, referenceOf } from "../core/sources/bases.ts"
import { baseImage } from "../stages/packages.ts"

/** What the engine prints if no registry has an image, or none answers. */
const UNRESOLVED = /(?:failed to resolve image .*?\)|pull image "[^"]*"): (.+)/

/** What needs an image's base, or is an image itself, and misses it: both begin the line that `pull` throws. */
type Missing = `${string}: no registry gave ${"its" | "their"} ${"base image" | "image"}`

/** An image that the lock or --bases names, pulled; throws one line that tells what to do if no registry gives it. */
export async function pull(missing: Missing, base: Base, platform: string): Promise<Container> {
  try {
    return await baseImage({ platform, base }).sync()
  } catch (cause) {
    const { message } = cause as Error
    const reason = message.match(UNRESOLVED)?.[1] ?? message
    const advice =
      base.digest && /not found/i.test(reason)
        ? "if that registry no longer has this digest, run `dagger call -y sources update --images`, or say by --bases what is to be taken"
        : "run it with an engine that reaches one which has it: the engine that dagger/run builds makes Debian's own bases and no others"
    throw new FarmError(`${missing} ${referenceOf(base)} (${reason.split("\n")[0]}); ${advice}`, { cause })
  }
}
