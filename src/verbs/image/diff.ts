import type { Container } from "@dagger.io/dagger"
import { FarmError } from "../../core/errors.ts"
import { type Difference, difference, formatDiff, type Side } from "../../core/image/diff.ts"
import type { Plan } from "../../core/plan/plan.ts"
import type { Farm } from "../farm.ts"
import { askPackageManager, ownership } from "./files.ts"
import { ofPlatform } from "./platform.ts"

/** What differs between an image and a later one of a plan, in lines for people. */
export async function diff(farm: Farm, plan: Plan, from: Container, to: () => Promise<Container>, all: boolean): Promise<string> {
  return formatDiff(await compare(farm, plan, from, to), all)
}

/** The differences between an image and a later one of a plan; throws one line if they can't be compared, before the later one is built. */
export async function compare(farm: Farm, plan: Plan, from: Container, to: () => Promise<Container>): Promise<Difference> {
  const before = await older(farm, plan, await ofPlatform(plan, "from", from, "compares with it"))
  return difference(before, await side(farm, plan, await to()))
}

async function older(farm: Farm, plan: Plan, image: Container): Promise<Side> {
  try {
    return await side(farm, plan, image)
  } catch (cause) {
    throw new FarmError(`--from: ${(cause as Error).message.split("\n")[0]}; expected an image of the ${plan.family} family`, { cause })
  }
}

async function side(farm: Farm, plan: Plan, image: Container): Promise<Side> {
  return { packages: await askPackageManager(image, plan.packageManager.list), ...(await ownership(farm, plan, image)) }
}
