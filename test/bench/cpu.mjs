import { readdirSync, readFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"

const TICKS_PER_SECOND = 100
/** Where a process' own and its ended children's time stand in /proc/PID/stat, counted from behind its name. */
const [FIRST, LAST] = [11, 15]

/** What the embedded engine is a child of, where one runs; there may be others of other homes. */
const OWN = join(process.env.HELIOS_ENGINE_HOME ?? join(homedir(), ".cache/helios-engine"), "run/engine.pid")

/** Seconds of processor time that the engine and all that it has run so far took, or undefined where its process can't be seen. */
export function engineSeconds() {
  const all = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && read(`/proc/${pid}/comm`) === "dagger-engine\n")
  const parent = read(OWN).trim()
  const own = all.filter((pid) => read(`/proc/${pid}/status`).match(/^PPid:\s+(\d+)$/m)?.[1] === parent)
  const engines = own.length ? own : all
  if (!engines.length) return undefined
  const ticks = engines.flatMap((pid) =>
    read(`/proc/${pid}/stat`)
      .replace(/^.*\) /, "")
      .split(" ")
      .slice(FIRST, LAST),
  )
  return ticks.reduce((sum, each) => sum + Number(each), 0) / TICKS_PER_SECOND
}

function read(path) {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}
