import type { Container, Directory, File } from "@dagger.io/dagger"
import { runScript } from "./compiled.ts"

/** KasmVNC's X server: Xvnc, to be laid over an image. */
export function xorg(kasmvnc: Container, source: Directory, flags: string, script: File): Directory {
  const server = kasmvnc.withDirectory("/src/unix/xserver", source).withEnvVariable("XORG_CFLAGS", flags)
  return runScript(server, script, "/src/unix/xserver").directory("/out")
}
