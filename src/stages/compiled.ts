import type { Container, Directory, File } from "@dagger.io/dagger"

/** What a component's script compiles of its source on what it is built on, to be laid over an image. */
export function compiled(ground: Container, source: Directory, script: File): Directory {
  return ground
    .withMountedDirectory("/src", source)
    .withMountedFile("/build.sh", script)
    .withWorkdir("/src")
    .withExec(["sh", "/build.sh"])
    .directory("/out")
}
