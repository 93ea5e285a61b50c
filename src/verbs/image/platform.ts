import type { Container } from "@dagger.io/dagger"
import { FarmError } from "../../core/errors.ts"
import type { Plan } from "../../core/plan/plan.ts"

/** An image that a caller gave by a flag; throws one line if it is for another platform than the plan, which ends with what would help. */
export async function ofPlatform({ platform }: Plan, flag: string, image: Container, does: string): Promise<Container> {
  const found = await image.platform()
  if (found === platform) return image
  throw new FarmError(`--${flag}: expected an image for ${platform}, got one for ${found}; --platform=${found} ${does}`)
}
