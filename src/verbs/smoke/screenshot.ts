import { type Container, dag, type File } from "@dagger.io/dagger"
import { FarmError } from "../../core/errors.ts"
import type { Plan } from "../../core/plan/plan.ts"
import type { Farm } from "../farm.ts"
import { openLab } from "./lab.ts"

/** What a picture's terminal needs, and what a 4K screen has. */
const LEAST = { width: 1024, height: 640 }
const MOST = { width: 3840, height: 2160 }

/**
 * A PNG of the desktop of that size, WIDTHxHEIGHT, taken by a client as soon as it can be used; throws for a size that is none before the
 * image is built.
 */
export async function screenshot(farm: Farm, plan: Plan, image: () => Promise<Container>, size: string): Promise<File> {
  checkSize(size)
  const ready = await openLab(farm, plan, await image())
  return ready
    .withDirectory("/report", dag.directory())
    .withEnvVariable("SIZE", size)
    .withExec(["bats", "/smoke/lab/screenshot.bats"], { insecureRootCapabilities: true })
    .file("/report/desktop.png")
}

function checkSize(size: string): void {
  const [width = 0, height = 0] = size.match(/^[1-9]\d*x[1-9]\d*$/) ? size.split("x").map(Number) : []
  if (width >= LEAST.width && width <= MOST.width && height >= LEAST.height && height <= MOST.height) return
  const [least, most] = [LEAST, MOST].map((one) => `${one.width}x${one.height}`)
  throw new FarmError(`--size=${size}: expected WIDTHxHEIGHT from ${least} to ${most}`)
}
