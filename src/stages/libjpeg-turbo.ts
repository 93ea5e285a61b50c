import type { Container, Directory, File } from "@dagger.io/dagger"
import { runScript } from "./compiled.ts"

/** The toolchain with libjpeg-turbo's static libraries in /usr/local, SIMD included. */
export function libjpegTurbo(toolchain: Container, source: Directory, script: File): Container {
  return runScript(toolchain.withMountedDirectory("/src", source), script).withoutMount("/src").withoutMount("/build.sh")
}
