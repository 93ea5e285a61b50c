import { dirname } from "node:path"
import type { Container, Directory } from "@dagger.io/dagger"

/** Runs the scripts with which a distro adds what data can't say, in order. */
export function scripts(container: Container, paths: string[], folder: (path: string) => Directory): Container {
  return paths.reduce(
    (before, path) =>
      before
        .withMountedFile("/tmp/system.sh", folder(dirname(path)).file("system.sh"))
        .withExec(["sh", "/tmp/system.sh"])
        .withoutMount("/tmp/system.sh"),
    container,
  )
}
