import { readdirSync, readFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"

const TICKS_PER_SECOND = 100
/** Where a process' own and its ended children's time stand in /proc/PID/stat, counted from behind its name. */
const [FIRST, LAST] = [11, 15]

/** The embedded engine's, where one runs; there may be others of other homes. */
const OWN = join(process.env.HELIOS_ENGINE_HOME ?? join(homedir(), ".cache/helios-engine"), "run/engine.pid")

/** Seconds of processor time that the engine and all that it has run so far took, or undefined where its process can't be seen. */
export function engineSeconds() {
  const isEngine = (pid) => read(`/proc/${pid}/comm`) === "dagger-engine\n"
  const own = read(OWN).trim()
  const engines = isEngine(own) ? [own] : readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && isEngine(pid))
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
