import { type Container, type Directory, dag, type Platform } from "@dagger.io/dagger"
import type { Plan } from "../core/plan.ts"

/** Flattens an installation into one layer without what it left behind, then lays the farm's own folders over it. */
export function rootfs(plan: Plan, installed: Container, overlays: Directory[]): Container {
  const system = dag.directory().withDirectory("/", installed.rootfs(), { exclude: plan.packageManager.leavings })
  const bare = empty(plan).withRootfs(system)
  return overlays.reduce((container, folder) => container.withDirectory("/", folder.withTimestamps(0), { owner: "0:0" }), bare)
}

/** An image without files. Only a Dockerfile can tell Dagger a stop signal. */
function empty({ platform: name, stopSignal }: Plan): Container {
  const platform = name as Platform
  if (!stopSignal) return dag.container({ platform })
  return dag.directory().withNewFile("Dockerfile", `FROM scratch\nSTOPSIGNAL ${stopSignal}\n`).dockerBuild({ platform })
}
