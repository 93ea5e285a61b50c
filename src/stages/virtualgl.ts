import type { Container, Directory, File } from "@dagger.io/dagger"

/** VirtualGL, to be laid over an image. */
export function virtualgl(turbo: Container, source: Directory, script: File): Directory {
  return turbo
    .withMountedDirectory("/src", source)
    .withMountedFile("/build.sh", script)
    .withWorkdir("/src")
    .withExec(["sh", "/build.sh"])
    .directory("/out")
}
