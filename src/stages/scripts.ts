import { dirname } from "node:path"
import type { Container, Directory, File } from "@dagger.io/dagger"
import { reproducible } from "./reproducible.ts"

/** A container after the scripts with which a distro adds what data can't say, in order. */
export function scripts(container: Container, paths: string[], program: File, folder: (path: string) => Directory): Container {
  return paths.reduce((before, path) => {
    const script = folder(dirname(path)).file("system.sh")
    return reproducible(before, program, ["sh", "/mnt/system.sh"], { "system.sh": script })
  }, container)
}
