import { type Container, dag, type File } from "@dagger.io/dagger"
import type { Plan } from "../../core/plan/plan.ts"
import type { Farm } from "../farm.ts"
import { openLab } from "./lab.ts"

/** A PNG of the desktop, taken by a client as soon as it can be used. */
export async function screenshot(farm: Farm, plan: Plan, image: Container): Promise<File> {
  const ready = await openLab(farm, plan, image)
  return ready
    .withDirectory("/report", dag.directory())
    .withExec(["bats", "/smoke/lab/screenshot.bats"], { insecureRootCapabilities: true })
    .file("/report/desktop.png")
}
