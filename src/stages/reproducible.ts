import { type Container, dag, type File } from "@dagger.io/dagger"

/** What common/build/scripts/reproducible leaves to say when it began. */
export const BEGAN = "run/began"

/** A container after a command that leaves no trace of when it ran; its files lie in /mnt beside common/build/scripts/reproducible. */
export function reproducible(container: Container, program: File, command: string[], files: Record<string, File> = {}): Container {
  const folder = Object.entries({ reproducible: program, ...files }).reduce(
    (before, [name, file]) => before.withFile(name, file),
    dag.directory(),
  )
  // A folder that every base has: a mount point that the engine makes would be a trace.
  return container
    .withMountedDirectory("/mnt", folder)
    .withExec(["sh", "/mnt/reproducible", ...command])
    .withoutMount("/mnt")
}
