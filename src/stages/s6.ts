import type { Container, Directory, File } from "@dagger.io/dagger"

/** skarnet's tools, static, and s6-overlay's scripts, to be laid over an image of any distro; sources has a folder for each of them. */
export function s6(toolbox: Container, sources: Directory, script: File): Directory {
  return toolbox.withDirectory("/src", sources).withMountedFile("/build.sh", script).withExec(["sh", "/build.sh"]).directory("/out")
}
