// daemon.mjs SOCKET: a browser that lives from one command to the next.
import { rmSync } from "node:fs"
import { createServer } from "node:net"
import { commands } from "./driver.mjs"

const [path] = process.argv.slice(2)

async function answer(line) {
  const [name, ...args] = JSON.parse(line)
  try {
    if (!commands[name]) throw new Error(`no such command: ${name}; expected one of ${Object.keys(commands).join(", ")}`)
    return { output: await commands[name](...args) }
  } catch (error) {
    return { error: error.message }
  }
}

const server = createServer({ allowHalfOpen: true }, (socket) => {
  let line = ""
  socket.setEncoding("utf8").on("data", (text) => {
    line += text
  })
  socket.on("end", async () => {
    socket.end(JSON.stringify(await answer(line)))
    if (JSON.parse(line)[0] === "close") socket.on("close", () => process.exit())
  })
})
process.on("exit", () => rmSync(path, { force: true }))
server.listen(path, () => console.log("listening"))
