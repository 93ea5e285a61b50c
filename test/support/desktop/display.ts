import { mkdirSync, rmSync, symlinkSync } from "node:fs"
import { type Box, firstPid } from "./podman.ts"

/** Has a container's display here, as X clients of this machine find it by their environment, as long as the work takes. */
export async function withDisplay<T>(box: Box, work: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const [root, number] = [`/proc/${await firstPid(box)}/root`, 4000 + process.pid]
  const link = `/tmp/.X11-unix/X${number}`
  mkdirSync("/tmp/.X11-unix", { recursive: true })
  rmSync(link, { force: true })
  symlinkSync(`${root}/tmp/.X11-unix/X1`, link)
  try {
    return await work({ DISPLAY: `:${number}`, XAUTHORITY: `${root}/run/user/1000/Xauthority` })
  } finally {
    rmSync(link, { force: true })
  }
}
