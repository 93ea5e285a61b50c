import { type Container, type Directory, dag, type Platform } from "@dagger.io/dagger"
import type { Plan } from "../core/plan.ts"
import { bare } from "./packages.ts"
import { BEGAN } from "./timeless.ts"

/** Flattens an installation into one layer without what it left behind, then lays the farm's own folders over it. */
export function rootfs(plan: Plan, installed: Container, overlays: Directory[]): Container {
  const exclude = [...plan.packageManager.leavings, BEGAN]
  const system = dag.directory().withDirectory("/", settled(plan, installed), { exclude })
  const image = empty(plan).withRootfs(system)
  return overlays.reduce((container, folder) => container.withDirectory("/", folder.withTimestamps(0), { owner: "0:0" }), image)
}

/** After each command the engine takes the machine's own certificates out again, which no command can undo the trace of but from outside. */
function settled(plan: Plan, installed: Container): Directory {
  return bare(plan)
    .withMountedDirectory("/mnt", installed.rootfs())
    .withExec(["find", "/mnt", "-newer", `/mnt/${BEGAN}`, "-exec", "touch", "--no-dereference", "--date=@0", "{}", "+"])
    .directory("/mnt")
}

/** An image without files. Only a Dockerfile can tell Dagger a stop signal. */
function empty({ platform: name, stopSignal }: Plan): Container {
  const platform = name as Platform
  if (!stopSignal) return dag.container({ platform })
  return dag.directory().withNewFile("Dockerfile", `FROM scratch\nSTOPSIGNAL ${stopSignal}\n`).dockerBuild({ platform })
}
