import type { Container, Directory, File } from "@dagger.io/dagger"

/** A container in which a component's script has run, in the folder of what it compiles. */
export function runScript(ground: Container, script: File, folder = "/src"): Container {
  return ground.withMountedFile("/build.sh", script).withWorkdir(folder).withExec(["sh", "/build.sh"])
}

/** What a component's script compiles of its source on what it is built on, to be laid over an image. */
export function compiled(ground: Container, source: Directory, script: File): Directory {
  return runScript(ground.withMountedDirectory("/src", source), script).directory("/out")
}
