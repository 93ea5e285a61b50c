import type { Container, Directory, File } from "@dagger.io/dagger"
import { runScript } from "./compiled.ts"

/** KasmVNC's source in /src with the libraries built that its X server links. */
export function kasmvnc(turbo: Container, source: Directory, script: File, sanitize?: string): Container {
  const libraries = sanitize ? turbo.withEnvVariable("SANITIZE", sanitize) : turbo
  return runScript(libraries.withDirectory("/src", source), script).withoutMount("/build.sh")
}
