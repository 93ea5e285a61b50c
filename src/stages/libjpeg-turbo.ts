import type { Container, Directory, File } from "@dagger.io/dagger"

/** The toolchain with libjpeg-turbo's static libraries in /usr/local, SIMD included. */
export function libjpegTurbo(toolchain: Container, source: Directory, script: File): Container {
  return toolchain
    .withMountedDirectory("/src", source)
    .withMountedFile("/build.sh", script)
    .withWorkdir("/src")
    .withExec(["sh", "/build.sh"])
    .withoutMount("/src")
    .withoutMount("/build.sh")
}
