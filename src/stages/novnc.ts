import { type Container, type Directory, dag, type File } from "@dagger.io/dagger"
import { runScript } from "./compiled.ts"
import { npmCi, withSource } from "./npm.ts"

/** Kasm's web client, to be laid over an image. */
export function novnc(toolbox: Container, source: Directory, lock: Directory, script: File, registry?: string): Directory {
  const built = runScript(withSource(npmCi(toolbox, "/src", lock, registry), source), script)
  return dag.directory().withDirectory("usr/share/kasmvnc/www", built.directory("/src/dist"))
}
