// Usage: node call.mjs ENGINE_PID LOG CLI [ARG...]
// Runs the dagger CLI, which would wait for ever on an engine that is gone: ends it when the engine dies, and when cancelled.
// Where password.sh made a desktop's password, it is told once the desktop can be reached: what went by during a build is forgotten.
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { connect } from "node:net"

const [engine, log, cli, ...args] = process.argv.slice(2)
const { HELIOS_DESKTOP_SAYS: says, HELIOS_DESKTOP_PORT: port, ...given } = process.env
// `dagger mcp` starts a CLI for itself, and would download that otherwise.
const env = { _EXPERIMENTAL_DAGGER_CLI_BIN: cli, ...given }
// At a terminal the CLI must stay in the terminal's process group, where ^C reaches it without us.
const atTerminal = process.stdin.isTTY === true
const child = spawn(cli, args, { stdio: "inherit", detached: !atTerminal, env })

/** Why the call was ended, once it was: exit code and what to say. */
let ending

function signal(name) {
  try {
    process.kill(atTerminal ? child.pid : -child.pid, name)
  } catch {
    // It has ended by itself.
  }
}

function end(name, graceSeconds, code, reason) {
  if (ending) return
  ending = { code, reason }
  if (name) signal(name)
  setTimeout(() => signal("SIGKILL"), graceSeconds * 1000).unref()
}

/** Whether the engine runs; one that this process started itself stays as a zombie when it dies. */
function isEngineAlive() {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${engine}/stat`, "utf8"))
  } catch {
    return false
  }
}

function tell() {
  if (!port) return console.error(says)
  const page = connect(Number(port), "127.0.0.1")
  page.on("connect", () => {
    page.destroy()
    console.error(says)
  })
  page.on("error", () => setTimeout(tell, 500).unref())
}

if (says) tell()

const died = `the engine died during the call (its log: ${log}); run the same command again to start a new one`

process.on("SIGINT", () => end(atTerminal ? undefined : "SIGINT", 10, 130, "cancelled"))
process.on("SIGTERM", () => end("SIGTERM", 10, 143, "cancelled"))
setInterval(() => isEngineAlive() || end("SIGTERM", 1, 75, died), 500).unref()

child.on("error", (error) => {
  console.error(`helios: the dagger CLI did not start: ${error.message}`)
  process.exit(1)
})
child.on("exit", (code, name) => {
  const { code: verdict, reason } = ending ?? (isEngineAlive() ? {} : { code: 75, reason: died })
  if (reason) console.error(`helios: ${reason}`)
  process.exit(verdict ?? code ?? (name === "SIGKILL" ? 137 : 143))
})
