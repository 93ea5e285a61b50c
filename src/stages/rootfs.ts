import { type Container, type Directory, dag, type File, type Platform } from "@dagger.io/dagger"
import type { Plan } from "../core/plan/plan.ts"
import { epoch } from "./epoch.ts"
import { BEGAN } from "./reproducible.ts"

/** What an installation leaves of an image's files; `tools` sets the times of files, and runs common/build/scripts/drop-privileges. */
export function settled(plan: Plan, installed: Container, tools: Container, drop: File): Directory {
  const exclude = [...plan.packageManager.exclude, BEGAN]
  // After each command the engine takes the machine's own certificates out again, which no command can undo the trace of but from outside.
  const unprivileged = tools
    .withMountedDirectory("/mnt", installed.rootfs())
    .withMountedFile("/drop-privileges", drop)
    .withExec(["sh", "/drop-privileges", "/mnt"])
    .directory("/mnt")
  const files = epoch(tools, unprivileged, ["-newer", `/mnt/${BEGAN}`])
  return dag.directory().withDirectory("/", files, { exclude })
}

/** The root file system of an image: what is settled in one layer, and over it a layer for each folder of components and overlays. */
export function rootfs(plan: Plan, files: Directory, overlays: Directory[], tools: Container): Container {
  const image = empty(plan).withRootfs(files)
  return overlays.reduce((container, folder) => container.withDirectory("/", epoch(tools, folder), { owner: "0:0" }), image)
}

/** An image without files. Only a Dockerfile can tell Dagger a stop signal. */
function empty({ platform: name, stopSignal }: Plan): Container {
  const platform = name as Platform
  if (!stopSignal) return dag.container({ platform })
  return dag.directory().withNewFile("Dockerfile", `FROM scratch\nSTOPSIGNAL ${stopSignal}\n`).dockerBuild({ platform })
}
