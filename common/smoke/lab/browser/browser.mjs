// browser NAME COMMAND [ARG...]: hands a command to the browser of that name and prints its answer.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, openSync } from "node:fs"
import { connect } from "node:net"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"

const [name, ...command] = process.argv.slice(2)
const path = `/tmp/browser-${name}.sock`

async function start() {
  const log = openSync(`/tmp/browser-${name}.log`, "a")
  const daemon = fileURLToPath(new URL("daemon.mjs", import.meta.url))
  const child = spawn(process.execPath, [daemon, path], { detached: true, stdio: ["ignore", "pipe", log] })
  await Promise.race([once(child.stdout, "data"), once(child, "exit")])
  child.stdout.destroy()
  child.unref()
}

if (command[0] === "open" && !existsSync(path)) await start()
const socket = connect(path)
socket.on("error", ({ message }) => {
  console.error(`browser: no browser "${name}": ${message}`)
  process.exit(1)
})
socket.end(JSON.stringify(command))
const { output, error } = JSON.parse(await text(socket))
if (output !== undefined) console.log(typeof output === "string" ? output : JSON.stringify(output))
if (error !== undefined) {
  console.error(`browser: ${error}`)
  process.exit(1)
}
