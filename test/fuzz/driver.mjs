// driver.mjs KIND HOST:PORT NAME:PASSWORD SECONDS [SEED]: says mutated things to a running image through its door, and prints what as JSON.
// KIND is owner, viewer (messages of RFB), frames (of the websocket), handshakes, or sounds (kclient's socket.io).
import { readdirSync, readFileSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

const [kind, address, user, seconds, seed = "1"] = process.argv.slice(2)
const [host, port] = address.split(":")
const end = Date.now() + Number(seconds) * 1000
const counts = { connections: 0, sent: 0, bytes: 0, refused: 0 }

let state = Number(seed)
/** A number below another, the same in each run. */
function below(limit) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * limit)
}
const any = (list) => list[below(list.length)]

/** What the harness of that name was fed, without the bytes that speak to the harness. */
const corpus = (name, skipped) =>
  ["corpus", "seeds"].flatMap((folder) => {
    const path = join(import.meta.dirname, folder, name)
    return readdirSync(path).map((file) => readFileSync(join(path, file)).subarray(skipped))
  })

const EXTREMES = [0, 1, 0x7f, 0x80, 0xfe, 0xff]

/** What can happen to bytes at a place: a bit or a byte is another, or some are left out, doubled, or come from elsewhere. */
const changes = [
  (bytes, at) => Buffer.concat([bytes.subarray(0, at), Buffer.from([(bytes[at] ?? 0) ^ (1 << below(8))]), bytes.subarray(at + 1)]),
  (bytes, at) => Buffer.concat([bytes.subarray(0, at), Buffer.from([any(EXTREMES)]), bytes.subarray(at + 1)]),
  (bytes, at, some) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + some)]),
  (bytes, at, some) => Buffer.concat([bytes.subarray(0, at + some), bytes.subarray(at)]),
  (bytes, at, some, others) => Buffer.concat([bytes.subarray(0, at), any(others).subarray(0, some * 8), bytes.subarray(at)]),
  (bytes, at, some) => Buffer.concat([bytes.subarray(0, at), Buffer.alloc(some * 64, below(256)), bytes.subarray(at)]),
]

/** The bytes with one to four changes. */
function mutated(bytes, others) {
  let now = bytes
  for (let left = 1 + below(4); left; left--) now = any(changes)(now, below(now.length + 1), 1 + below(16), others)
  return now.subarray(0, 60_000)
}

function frame(payload, opcode = 2) {
  const short = payload.length < 126
  const header = Buffer.alloc(short ? 6 : 8)
  header[0] = 0x80 | opcode
  header[1] = 0x80 | (short ? payload.length : 126)
  if (!short) header.writeUInt16BE(payload.length, 2)
  return Buffer.concat([header, payload])
}

const path = { viewer: "/view/websockify", sounds: "/audio/socket.io/?EIO=4&transport=websocket" }[kind] ?? "/websockify"
const handshake = () =>
  Buffer.from(
    [
      `GET ${path} HTTP/1.1`,
      `Host: ${address}`,
      `Origin: http://${address}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ...(kind === "sounds" ? [] : ["Sec-WebSocket-Protocol: binary"]),
      `Authorization: Basic ${Buffer.from(user).toString("base64")}`,
      "\r\n",
    ].join("\r\n"),
  )

/** A connection that reads all it is sent, half of the time. */
function open() {
  const socket = connect(Number(port), host)
  const connection = { socket, isOpen: true, heard: Buffer.alloc(0) }
  counts.connections += 1
  socket.on("data", (data) => {
    if (connection.heard.length < 4096) connection.heard = Buffer.concat([connection.heard, data])
  })
  socket.on("error", () => {})
  socket.on("close", () => {
    connection.isOpen = false
  })
  return connection
}

async function say({ socket }, bytes) {
  counts.sent += 1
  counts.bytes += bytes.length
  if (!socket.write(bytes)) await Promise.race([new Promise((drained) => socket.once("drain", drained)), sleep(1000)])
}

async function until(condition) {
  for (const patience = Date.now() + 2000; !condition(); await sleep(2)) if (Date.now() > patience) return false
  return true
}

const HELLO = ["RFB 003.008\n", "\x01", "\x01"]
const wires = {
  rfb: { before: HELLO, corpus: () => corpus("messages", 2), wrap: (bytes) => frame(bytes) },
  frames: { before: HELLO, corpus: () => corpus("frames", 3), wrap: (bytes) => bytes },
  sounds: {
    before: ["40"],
    corpus: () => [
      ...['42["micdata",{}]', '42["open",""]', '42["close",""]', '451-["micdata",{"_placeholder":true,"num":0}]', "2", "3", "41", "1"].map(
        (text) => Buffer.from(text),
      ),
      Buffer.alloc(300, 7),
    ],
    wrap: (bytes) => frame(bytes, below(3) ? 1 : 2),
  },
}
const wire = wires[kind] ?? wires.rfb

/** One connection: it is let in, greets as it should, and says what it shouldn't until it is hung up on. */
async function talk(known) {
  const connection = open()
  await say(connection, handshake())
  if (!(await until(() => connection.heard.includes("\r\n\r\n") || !connection.isOpen)) || !connection.heard.includes(" 101 ")) {
    counts.refused += 1
    connection.socket.destroy()
    await sleep(50)
    return
  }
  for (const greeting of wire.before) {
    await say(connection, frame(Buffer.from(greeting), kind === "sounds" ? 1 : 2))
    await sleep(5)
  }
  if (!below(2)) connection.socket.pause()
  for (let left = 1 + below(400); left && connection.isOpen && Date.now() < end; left--) {
    await say(connection, wire.wrap(below(4) ? mutated(any(known), known) : any(known)))
    if (!below(16)) await sleep(1)
  }
  connection.socket.destroy()
}

/** One mutated request, of which nothing is expected but that it ends. */
async function knock() {
  const connection = open()
  await say(connection, mutated(handshake(), [handshake()]))
  await until(() => connection.heard.length > 0 || !connection.isOpen)
  connection.socket.destroy()
}

const known = kind === "handshakes" ? [] : wire.corpus()
await Promise.all(
  Array.from({ length: 4 }, async () => {
    while (Date.now() < end) await (kind === "handshakes" ? knock() : talk(known))
  }),
)
console.log(JSON.stringify(counts))
