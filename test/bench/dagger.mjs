import { join } from "node:path"
import { execa } from "execa"
import { commands, receiver } from "./telemetry.mjs"

export const ROOT = join(import.meta.dirname, "../..")
const PATIENCE_SECONDS = 1800

const telemetry = await receiver()
telemetry.unref()

/**
 * Runs the dagger CLI as a user does.
 * @param {string[]} args
 * @param {{ cwd?: string }} [options]
 * @returns {Promise<{ seconds: number, stdout: string, commands: string[], loading: string[] }>} The wall time of the whole
 *   process, and the commands that the engine executed for it: the build's, and those that loading the module took.
 */
export async function dagger(args, { cwd = ROOT } = {}) {
  const { environment, spans } = telemetry.next()
  const begun = performance.now()
  const ran = await execa("timeout", [String(PATIENCE_SECONDS), join(ROOT, "dagger/run"), ...args], {
    cwd,
    env: environment,
    stdin: "ignore",
    reject: false,
  })
  const seconds = (performance.now() - begun) / 1000
  if (ran.exitCode !== 0) throw new Error(`dagger/run ${args.join(" ")}: exit code ${ran.exitCode}\n${ran.stderr.slice(-2000)}`)
  if (args.includes("call") && !spans().some(({ name }) => name.startsWith("load workspace"))) {
    throw new Error(`dagger/run ${args.join(" ")}: no spans came, so nothing is known of what ran`)
  }
  const { build, loading } = commands(spans())
  return { seconds, stdout: ran.stdout, commands: build, loading }
}

/** Calls a function of the module. */
export const call = (args, options) => dagger(["call", ...args], options)
