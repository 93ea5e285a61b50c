import type { Container, Directory, File } from "@dagger.io/dagger"

/** KasmVNC's source in /src with the libraries built that its X server links. */
export function kasmvnc(turbo: Container, source: Directory, script: File, sanitize?: string): Container {
  return (sanitize ? turbo.withEnvVariable("SANITIZE", sanitize) : turbo)
    .withDirectory("/src", source)
    .withMountedFile("/build.sh", script)
    .withWorkdir("/src")
    .withExec(["sh", "/build.sh"])
    .withoutMount("/build.sh")
}
