import { readdirSync, readFileSync, readlinkSync } from "node:fs"
import { type Box, firstPid } from "./podman.ts"

/** The megabytes that a container's processes have, each page shared out among all on the machine that have it: PSS. */
export async function megabytesOf(box: Box): Promise<number> {
  const all = await processesOf(box)
  const kilobytes = all.map((pid) => Number(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8").match(/^Pss: +(\d+)/m)?.[1]))
  return (kilobytes.reduce((sum, one) => sum + one, 0) * 1024) / 1e6
}

/** The seconds of a processor that they have had so far. */
export async function secondsOf(box: Box): Promise<number> {
  const all = await processesOf(box)
  const ticks = all.map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
      .replace(/^.*\) /s, "")
      .split(" ")
    return Number(fields[11]) + Number(fields[12])
  })
  return ticks.reduce((sum, one) => sum + one, 0) / 100
}

async function processesOf(box: Box): Promise<string[]> {
  const namespace = readlinkSync(`/proc/${await firstPid(box)}/ns/pid`)
  const isIn = (pid: string) => {
    try {
      return readlinkSync(`/proc/${pid}/ns/pid`) === namespace
    } catch {
      return false
    }
  }
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isIn(name))
}
