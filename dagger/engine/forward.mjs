// Usage: node forward.mjs ADDRESS PORT
// Takes connections at an address that the engine's containers reach, and hands each on to the same port of 127.0.0.1.
import { connect, createServer } from "node:net"

const [address, port] = process.argv.slice(2)
createServer({ allowHalfOpen: true }, (caller) => {
  const server = connect({ host: "127.0.0.1", port: Number(port), allowHalfOpen: true })
  caller.pipe(server).pipe(caller)
  caller.on("error", () => server.destroy())
  server.on("error", () => caller.resetAndDestroy())
}).listen(Number(port), address)
