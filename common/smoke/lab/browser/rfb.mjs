// rfb [--user=NAME:PASSWORD] [--header="Name: value"] [--origin=URL] [--patience=SECONDS] URL [COMMAND [ARG...]...]
import { writeFileSync } from "node:fs"
import { headers, options } from "./options.mjs"
import { Client } from "./protocol.mjs"

const KEYS = { enter: 0xff0d, ctrl: 0xffe3, escape: 0xff1b }

let pointer = { x: 0, y: 0 }

function key(client, keysym) {
  for (const down of [1, 0]) {
    const message = Buffer.from([4, down, 0, 0, 0, 0, 0, 0])
    message.writeUInt32BE(keysym, 4)
    client.socket.send(message)
  }
}

function point(client, buttons) {
  const message = Buffer.alloc(11)
  message.writeUInt8(5)
  for (const [i, value] of [buttons, pointer.x, pointer.y].entries()) message.writeUInt16BE(value, 1 + 2 * i)
  client.socket.send(message)
}

/** Waits until the server has read all that was sent: it answers in order. */
async function settled(client) {
  const before = client.updates
  client.request(false, 1, 1)
  if (!(await client.until(5, () => client.updates > before))) throw new Error("the server sends no picture")
}

const commands = {
  /** capture FILE.ppm: what the whole desktop shows. */
  async capture(client, path) {
    client.shown.fill(0)
    client.request(false)
    const complete = await client.until(10, () => {
      if (client.updates) client.request(true)
      client.updates = 0
      return client.shown.every(Boolean)
    })
    if (!complete) throw new Error("the server didn't send the whole picture")
    const { width, height, pixels } = client
    const rgb = Buffer.alloc(width * height * 3)
    for (let i = 0; i < width * height; i++) {
      rgb[3 * i] = pixels[4 * i + 2]
      rgb[3 * i + 1] = pixels[4 * i + 1]
      rgb[3 * i + 2] = pixels[4 * i]
    }
    writeFileSync(path, Buffer.concat([Buffer.from(`P6 ${width} ${height} 255\n`), rgb]))
  },

  /** frame SECONDS: prints the time in microseconds at which more than one colour is first shown. */
  async frame(client, seconds) {
    client.request(false)
    const many = () => {
      if (!client.updates) return false
      client.updates = 0
      client.request(true)
      return client.pixels.some((value, at) => client.shown[at >> 2] && at % 4 < 3 && value !== client.pixels[at % 4])
    }
    if (!(await client.until(Number(seconds), many))) throw new Error(`one colour for ${seconds} s`)
    console.log(String(Date.now() * 1000))
  },

  move(client, x, y) {
    pointer = { x: Number(x), y: Number(y) }
    point(client, 0)
  },

  click(client) {
    point(client, 1)
    point(client, 0)
  },

  type(client, text) {
    for (const letter of text) key(client, letter.codePointAt(0))
  },

  key(client, name) {
    key(client, KEYS[name])
  },

  /** resize WIDTHxHEIGHT */
  resize(client, wanted) {
    const [width, height] = wanted.split("x").map(Number)
    const message = Buffer.alloc(24)
    message.writeUInt8(251)
    for (const at of [2, 16]) message.writeUInt16BE(width, at)
    for (const at of [4, 18]) message.writeUInt16BE(height, at)
    message.writeUInt8(1, 6)
    client.socket.send(message)
  },

  /** copy TEXT: hands a clipboard to the desktop. */
  copy(client, text) {
    const [type, data] = [Buffer.from("text/plain"), Buffer.from(text)]
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    client.socket.send(Buffer.concat([Buffer.from([180, 1, type.length]), type, length, data]))
  },

  /** send HEX: these bytes, whatever they mean. */
  send(client, bytes) {
    client.socket.send(Buffer.from(bytes, "hex"))
  },

  /** pasted SECONDS: prints the first clipboard with text that the desktop hands out within that time. */
  async pasted(client, seconds) {
    const texts = () => client.clipboards.flatMap((parts) => parts["text/plain"] ?? [])
    if (!(await client.until(Number(seconds), () => texts().length > 0))) throw new Error(`no clipboard within ${seconds} s`)
    console.log(texts()[0].replace(/\0$/, ""))
  },

  /** stay SECONDS: connected, as what a client copied is gone when it is. */
  async stay(client, seconds) {
    await client.until(Number(seconds), () => false)
  },

  /** pinged SECONDS: says nothing and asks for nothing until the server has sent a ping. */
  async pinged(client, seconds) {
    let pings = 0
    client.socket.on("ping", () => pings++)
    if (!(await client.until(Number(seconds), () => pings > 0))) throw new Error(`no ping within ${seconds} s`)
  },

  /** upgrade SECONDS: asks for frames over UDP and prints the server's answer. */
  async upgrade(client, seconds) {
    const offer = Buffer.from("v=0\r\na=ice-ufrag:smok\r\na=ice-pwd:smokesmokesmokesmokesmok\r\na=mid:0\r\na=setup:actpass\r\n")
    client.socket.send(Buffer.concat([Buffer.from([181, offer.length >> 8, offer.length & 0xff]), offer]))
    if (!(await client.until(Number(seconds), () => client.upgrades.length > 0))) throw new Error(`no answer within ${seconds} s`)
    console.log(client.upgrades[0])
  },
}

/** Connects, again and again for as many seconds as the option --patience says. */
async function connect(url, given) {
  const end = Date.now() + Number(given.patience ?? 0) * 1000
  for (;;) {
    try {
      return await Client.connect(url, { protocols: ["binary"], origin: given.origin, headers: headers(given) })
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((done) => setTimeout(done, 20))
    }
  }
}

async function main() {
  const [given, [url, ...steps]] = options(process.argv.slice(2))
  const client = await connect(url, given)
  if (!steps.length) console.log(`${client.name} ${client.width}x${client.height}`)
  while (steps.length) {
    const name = steps.shift()
    const step = commands[name]
    if (!step) throw new Error(`no such command: ${name}; expected one of ${Object.keys(commands).join(", ")}`)
    await step(client, ...steps.splice(0, step.length - 1))
  }
  await settled(client)
  client.socket.terminate()
}

setTimeout(() => {
  console.error("rfb: no answer for 60 s")
  process.exit(1)
}, 60_000).unref()

main().catch(({ message }) => {
  console.error(`rfb: ${message}`)
  process.exit(1)
})
