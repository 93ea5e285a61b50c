// socketio [--user=NAME:PASSWORD] [--header="Name: value"] [--origin=URL] URL PATH [emit EVENT JSON | speak BYTES | wait SECONDS]...
// Prints each event that arrives as a line of JSON; ends with 1 when the server won't have it.
import { createRequire } from "node:module"
import { headers, options } from "./options.mjs"

const { io } = createRequire("/opt/browser/")("socket.io-client")

const [given, [url, path, ...steps]] = options(process.argv.slice(2))
const extraHeaders = { ...headers(given), ...(given.origin && { Origin: given.origin }) }
const transports = given.transport ? [given.transport] : ["polling", "websocket"]
const socket = io(url, { path, extraHeaders, transports, reconnection: false, rejectUnauthorized: false, timeout: 5000 })
const short = (_, value) => (value?.type === "Buffer" ? `${value.data.length} bytes` : value)

socket.onAny((...event) => console.log(JSON.stringify(event, short)))
socket.on("connect_error", ({ message, context, description }) => {
  console.error(`socketio: ${message} ${context?.status ?? description?.message ?? ""}`)
  process.exit(1)
})
socket.on("connect", async () => {
  while (steps.length) {
    const step = steps.shift()
    if (step === "emit") socket.emit(steps.shift(), ...JSON.parse(steps.shift()))
    else if (step === "speak") socket.emit("micdata", Buffer.alloc(Number(steps.shift()), 1))
    else if (step === "wait") await new Promise((done) => setTimeout(done, Number(steps.shift()) * 1000))
    else throw new Error(`no such command: ${step}; expected emit, speak or wait`)
  }
  socket.close()
})
