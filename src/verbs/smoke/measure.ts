import { type Container, dag } from "@dagger.io/dagger"
import type { Plan } from "../../core/plan/plan.ts"
import type { Farm } from "../farm.ts"
import { openLab } from "./lab.ts"

/** Boots an image so many times and measures how long its desktop takes, and what the last one holds in memory, as JSON. */
export async function boots(farm: Farm, plan: Plan, image: Container, count: number): Promise<string> {
  return measure(farm, plan, image, ["boots", String(count)])
}

/** Shows a moving picture on an image's display and counts what its VNC server sends a client in so many seconds, as JSON. */
export async function frames(farm: Farm, plan: Plan, image: Container, seconds: number): Promise<string> {
  return measure(farm, plan, image, ["frames", String(seconds)])
}

/** Runs a program of common/bench on an image in the lab: what it printed. */
async function measure(farm: Farm, plan: Plan, image: Container, [program, ...args]: string[]): Promise<string> {
  return (await openLab(farm, plan, image))
    .withDirectory("/report", dag.directory())
    .withMountedDirectory("/bench", farm.folder("common/bench"))
    .withExec([`/bench/${program}`, ...args], { insecureRootCapabilities: true })
    .stdout()
}
