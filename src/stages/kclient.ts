import type { Container, Directory, File } from "@dagger.io/dagger"
import { runScript } from "./compiled.ts"
import { npmCi, withSource } from "./npm.ts"

/** kclient's page and server, to be laid over an image, and what its native module is built from. */
export function kclient(
  toolbox: Container,
  source: Directory,
  lock: Directory,
  script: File,
  registry?: string,
): { files: Directory; modules: Directory } {
  const installed = npmCi(toolbox, "/src", lock, registry)
  const built = runScript(withSource(installed, source), script)
  return { files: built.directory("/out"), modules: installed.directory("/src/node_modules") }
}

/** kclient's PulseAudio client for the Node of the distro that it is built on, to be laid over kclient's files. */
export function kclientNative(distro: Container, modules: Directory, script: File): Directory {
  return runScript(distro.withDirectory("/src/node_modules", modules), script).directory("/out")
}
