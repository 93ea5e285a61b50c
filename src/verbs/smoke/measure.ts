import { type Container, dag } from "@dagger.io/dagger"
import { FarmError } from "../../core/errors.ts"
import type { Plan } from "../../core/plan/plan.ts"
import type { Farm } from "../farm.ts"
import { openLab } from "./lab.ts"

type Image = () => Promise<Container>

/**
 * How long an image's desktop takes to start, and what it holds in memory, as JSON, from so many boots; throws for less than one before the
 * image is built.
 */
export async function boots(farm: Farm, plan: Plan, image: Image, count: number): Promise<string> {
  return measure(farm, plan, image, "boots", atLeastOne("count", count))
}

/**
 * What an image's VNC server sends a client in so many seconds while a picture moves on its display, as JSON; throws for less than one
 * before the image is built.
 */
export async function frames(farm: Farm, plan: Plan, image: Image, seconds: number): Promise<string> {
  return measure(farm, plan, image, "frames", atLeastOne("seconds", seconds))
}

function atLeastOne(flag: string, value: number): number {
  if (value >= 1) return value
  throw new FarmError(`--${flag}=${value}: expected at least 1`)
}

/** Runs a program of common/bench on an image in the lab: what it printed. */
async function measure(farm: Farm, plan: Plan, image: Image, program: string, amount: number): Promise<string> {
  return (await openLab(farm, plan, await image()))
    .withDirectory("/report", dag.directory())
    .withMountedDirectory("/bench", farm.folder("common/bench"))
    .withExec([`/bench/${program}`, String(amount)], { insecureRootCapabilities: true })
    .stdout()
}
