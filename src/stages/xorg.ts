import type { Container, Directory, File } from "@dagger.io/dagger"

/** KasmVNC's X server: Xvnc, to be laid over an image. */
export function xorg(kasmvnc: Container, source: Directory, flags: string, script: File): Directory {
  return kasmvnc
    .withDirectory("/src/unix/xserver", source)
    .withMountedFile("/build.sh", script)
    .withEnvVariable("XORG_CFLAGS", flags)
    .withWorkdir("/src/unix/xserver")
    .withExec(["sh", "/build.sh"])
    .directory("/out")
}
