// An RFB client over a websocket, with KasmVNC's own messages: wheel deltas in pointer events, clipboards by media type.
import { createRequire } from "node:module"

const WebSocket = createRequire("/opt/browser/")("ws")

const RAW = 0
const LAST_RECT = -224
const CURSOR = -239
const DESKTOP_SIZE = -308
const BLUE_GREEN_RED = Buffer.from([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0])

/** Waits until a websocket is open; throws "HTTP 401" and the like when the server won't have it. */
function opened(socket) {
  return new Promise((resolve, reject) => {
    socket.once("open", resolve)
    socket.once("error", reject)
    socket.once("unexpected-response", (_, { statusCode }) => reject(new Error(`HTTP ${statusCode}`)))
  })
}

/** Reads bytes in the sizes asked for. */
class Stream {
  #buffer = Buffer.alloc(0)
  #wake = () => {}
  #ended = false

  constructor(socket) {
    socket.on("message", (data) => {
      this.#buffer = Buffer.concat([this.#buffer, data])
      this.#wake()
    })
    socket.on("close", () => {
      this.#ended = true
      this.#wake()
    })
  }

  async read(count) {
    while (this.#buffer.length < count) {
      if (this.#ended) throw new Error("the server hung up")
      await new Promise((wake) => {
        this.#wake = wake
      })
    }
    const bytes = this.#buffer.subarray(0, count)
    this.#buffer = this.#buffer.subarray(count)
    return bytes
  }

  u8 = async () => (await this.read(1)).readUInt8()
  u16 = async () => (await this.read(2)).readUInt16BE()
  u32 = async () => (await this.read(4)).readUInt32BE()
  text = async (count) => (await this.read(count)).toString()
}

export class Client {
  width = 0
  height = 0
  name = ""
  /** BGRX pixels, and for each whether the server has sent it. */
  pixels = Buffer.alloc(0)
  shown = new Uint8Array(0)
  /** The clipboards that the server sent. */
  clipboards = []
  /** Answers to requests for an upgrade to UDP. */
  upgrades = []
  updates = 0

  static async connect(url, { protocols, ...options }) {
    const client = new Client()
    client.socket = new WebSocket(url, protocols, { rejectUnauthorized: false, handshakeTimeout: 10_000, ...options })
    client.in = new Stream(client.socket)
    await opened(client.socket)
    await client.shakeHands()
    client.listen().catch((error) => {
      client.failure = error
    })
    return client
  }

  async shakeHands() {
    await this.in.read(12)
    this.socket.send(Buffer.from("RFB 003.008\n"))
    await this.in.read(await this.in.u8())
    this.socket.send(Buffer.from([1]))
    if ((await this.in.u32()) !== 0) throw new Error("the server refuses a client without VNC's own password")
    this.socket.send(Buffer.from([1]))
    this.resized(await this.in.u16(), await this.in.u16())
    await this.in.read(16)
    this.name = await this.in.text(await this.in.u32())
    this.socket.send(Buffer.concat([Buffer.from([0, 0, 0, 0]), BLUE_GREEN_RED]))
    const encodings = Buffer.alloc(20)
    encodings.writeUInt8(2, 0)
    encodings.writeUInt16BE(4, 2)
    for (const [i, encoding] of [RAW, LAST_RECT, CURSOR, DESKTOP_SIZE].entries()) encodings.writeInt32BE(encoding, 4 + 4 * i)
    this.socket.send(encodings)
  }

  resized(width, height) {
    if (this.width === width && this.height === height) return
    Object.assign(this, { width, height, pixels: Buffer.alloc(width * height * 4), shown: new Uint8Array(width * height) })
  }

  async listen() {
    for (;;) {
      const kind = await this.in.u8()
      const handle = this.messages[kind]
      if (!handle) throw new Error(`unknown message ${kind} from the server`)
      await handle()
    }
  }

  messages = {
    0: () => this.update(),
    2: async () => {},
    3: async () => this.in.read(((await this.in.read(7)).readUInt32BE(3) & 0x7fffffff) >>> 0),
    150: async () => {},
    178: async () => this.in.read((await this.in.read(7)).readUInt32BE(3)),
    179: async () => {},
    180: () => this.clipboard(),
    181: async () => this.upgrades.push(await this.in.text(await this.in.u16())),
    182: async () => this.in.read((await this.in.read(2)).readUInt8(1)),
    183: async () => {
      await this.in.read(await this.in.u8())
      await this.in.read(await this.in.u32())
    },
    248: async () => {
      const fence = await this.in.read(8)
      await this.in.read(fence.readUInt8(7))
    },
  }

  async update() {
    const count = (await this.in.read(3)).readUInt16BE(1)
    for (let i = 0; i < count; i++) {
      const box = await this.in.read(12)
      const [x, y, width, height] = [0, 2, 4, 6].map((at) => box.readUInt16BE(at))
      const encoding = box.readInt32BE(8)
      if (encoding === LAST_RECT) break
      if (encoding === RAW) this.paint(x, y, width, height, await this.in.read(width * height * 4))
      else if (encoding === CURSOR) await this.in.read(width * height * 4 + Math.ceil(width / 8) * height)
      else if (encoding === DESKTOP_SIZE) {
        await this.in.read(16 * (await this.in.read(4)).readUInt8())
        this.resized(width, height)
      } else throw new Error(`the server sent encoding ${encoding}, which was not asked for`)
    }
    this.updates += 1
  }

  paint(x, y, width, height, bytes) {
    for (let row = 0; row < height; row++) {
      const at = (y + row) * this.width + x
      bytes.copy(this.pixels, at * 4, row * width * 4, (row + 1) * width * 4)
      this.shown.fill(1, at, at + width)
    }
  }

  async clipboard() {
    const parts = {}
    for (let count = await this.in.u8(); count > 0; count--) {
      await this.in.u32()
      const type = await this.in.text(await this.in.u8())
      parts[type] = await this.in.text(await this.in.u32())
    }
    this.clipboards.push(parts)
  }

  request(incremental, width = this.width, height = this.height) {
    const message = Buffer.from([3, incremental ? 1 : 0, 0, 0, 0, 0, 0, 0, 0, 0])
    message.writeUInt16BE(width, 6)
    message.writeUInt16BE(height, 8)
    this.socket.send(message)
  }

  /** Polls until the condition holds; false when it doesn't in time. */
  async until(seconds, condition) {
    for (const end = Date.now() + seconds * 1000; !condition(); ) {
      if (this.failure) throw this.failure
      if (Date.now() > end) return false
      await new Promise((done) => setTimeout(done, 10))
    }
    return true
  }
}
