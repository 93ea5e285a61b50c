import { type Container, type Directory, dag, type File } from "@dagger.io/dagger"
import type { Patch } from "../core/sources/patches.ts"

/** What a series of patches is applied with. */
export interface Patching {
  /** A container with git and GNU patch. */
  toolbox: Container
  /** common/build/scripts/apply-patches. */
  program: File
  /** The component's folder of common/build/patches. */
  own: Directory
  /** The repository that commits are taken from. */
  history?: Directory
  /** KasmVNC's source, which ships patches of its own for the X server. */
  shipped?: Directory
}

/** An upstream's tree with every patch of its series applied; a patch that does other than it says fails the build. */
export function applyPatches(tree: Directory, series: Patch[], { toolbox, program, own, history, shipped }: Patching): Directory {
  if (!series.length) return tree
  return toolbox
    .withFile("/usr/local/bin/apply-patches", program, { permissions: 0o755 })
    .withMountedDirectory("/own", own)
    .withMountedDirectory("/history", history ?? dag.directory())
    .withMountedDirectory("/shipped", shipped ?? dag.directory())
    .withNewFile("/series", series.map(line).join(""))
    .withDirectory("/tree", tree)
    .withExec(["apply-patches", "/tree", "/series"])
    .directory("/tree")
}

function line(patch: Patch): string {
  if ("commit" in patch) return `${patch.fuzz}\t/history#${patch.commit}\t${patch.exclude.join(" ")}\n`
  return `${patch.fuzz}\t${"file" in patch ? `/own/${patch.file}` : `/shipped/${patch.shipped}`}\n`
}
