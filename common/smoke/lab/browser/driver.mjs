import { writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { options } from "./options.mjs"

const { chromium } = createRequire("/opt/browser/")("playwright-core")

const QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
const PATIENCE_MS = 20_000

let browser
let context
/** The first page and those that it opened. */
const screens = []
/** What the desktop sent over the page's audio sockets. */
const sound = []

const pause = () => new Promise((done) => setTimeout(done, 50))

async function until(what, look) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause()) {
    const seen = await look().catch(() => undefined)
    if (seen) return seen
  }
  throw new Error(`not within ${PATIENCE_MS / 1000} s: ${what}`)
}

const isConnected = (frame) => frame.evaluate(() => document.documentElement.classList.contains("noVNC_connected"))

/** The frame of a page that shows the desktop. */
async function desktop(page = screens[0]) {
  return until("the page is connected to the desktop", async () => {
    for (const frame of page.frames()) if (await isConnected(frame)) return frame
  })
}

function listen(page) {
  page.on("websocket", (socket) => {
    if (!socket.url().includes("/audio/")) return
    socket.on("framereceived", ({ payload }) => Buffer.isBuffer(payload) && sound.push(payload))
  })
  page.on("response", async (response) => {
    if (!/\/audio\/.*transport=polling/.test(response.url())) return
    const packets = (await response.text().catch(() => "")).split("\x1e")
    for (const packet of packets) if (packet.startsWith("b")) sound.push(Buffer.from(packet.slice(1), "base64"))
  })
}

/** The page that an option --screen=N names, and the other arguments. */
function on(args) {
  const [{ screen = "1" }, rest] = options(args)
  const page = screens[Number(screen) - 1]
  if (!page) throw new Error(`no screen ${screen}`)
  return [page, rest]
}

const size = (text) => {
  const [width, height] = text.split("x").map(Number)
  return { width, height }
}

/** Adds up what each frame of the first page has counted. */
async function counted() {
  const counts = await Promise.all(screens[0].frames().map((frame) => frame.evaluate(() => ({ ...globalThis.helios, played: undefined }))))
  const sum = (name) => counts.reduce((all, count) => all + count[name], 0)
  return { peers: counts.flatMap(({ peers }) => peers), messages: sum("messages"), bytes: sum("bytes") }
}

export const commands = {
  /** open URL [--user=NAME:PASSWORD] [--size=1280x720] [--voice=FILE.wav] [--blind]: the page, connected unless it is blind. */
  async open(url, ...args) {
    const [{ user, size: wanted = "1280x720", voice, blind }] = options(args)
    const fake = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${voice}`]
    const secure = `--unsafely-treat-insecure-origin-as-secure=${new URL(url).origin}`
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: [...QUIET, secure, ...(voice ? fake : [])] })
    const [username, ...password] = user?.split(":") ?? []
    context = await browser.newContext({
      viewport: size(wanted),
      ignoreHTTPSErrors: true,
      permissions: ["clipboard-read", "clipboard-write", "microphone"],
      ...(user && { httpCredentials: { username, password: password.join(":") } }),
    })
    await context.addInitScript({ path: fileURLToPath(new URL("taps.js", import.meta.url)) })
    screens.push(await context.newPage())
    listen(screens[0])
    const answer = await screens[0].goto(url)
    if (!answer.ok()) throw new Error(`HTTP ${answer.status()}`)
    if (!blind) await desktop()
  },

  async close() {
    await browser?.close()
  },

  /** screenshot [--screen=N] FILE.png */
  async screenshot(...args) {
    const [page, [path]] = on(args)
    await page.screenshot({ path })
  },

  /** type [--screen=N] TEXT: key by key. */
  async type(...args) {
    const [page, [text]] = on(args)
    await page.keyboard.type(text, { delay: 15 })
  },

  /** press [--screen=N] KEY: by its name in playwright. */
  async press(...args) {
    const [page, [key]] = on(args)
    await page.keyboard.press(key)
  },

  /** click [--screen=N] X Y */
  async click(...args) {
    const [page, [x, y]] = on(args)
    await page.mouse.move(Number(x) - 1, Number(y))
    await page.mouse.click(Number(x), Number(y))
  },

  /** resize [--screen=N] WIDTHxHEIGHT */
  async resize(...args) {
    const [page, [wanted]] = on(args)
    await page.setViewportSize(size(wanted))
  },

  /** monitor: opens another screen from the page's own menu. */
  async monitor() {
    const opened = context.waitForEvent("page", { timeout: PATIENCE_MS })
    await (await desktop()).locator("#noVNC_addMonitor").dispatchEvent("click")
    const page = await opened
    screens.push(page)
    await until("the screen is shown", () =>
      page.evaluate(() => {
        const canvas = document.querySelector("#noVNC_container canvas")
        if (!canvas?.width) document.getElementById("noVNC_connect_button")?.click()
        return canvas?.width > 0
      }),
    )
  },

  /** copy TEXT: into the browser's own clipboard, as another program of its user would. */
  async copy(text) {
    await screens[0].bringToFront()
    await (await desktop()).evaluate((value) => window.focus() ?? navigator.clipboard.writeText(value), text)
  },

  /** pasted: what the browser's own clipboard holds. */
  async pasted() {
    await screens[0].bringToFront()
    return (await desktop()).evaluate(() => window.focus() ?? navigator.clipboard.readText())
  },

  /** sound FILE: writes the samples that have come over the audio sockets. */
  async sound(path) {
    const samples = Buffer.concat(sound)
    writeFileSync(path, samples)
    return `${samples.length} bytes`
  },

  /** played FILE: writes the samples that the page has played, 16 bits and two channels; their rate is the answer. */
  async played(path) {
    for (const frame of screens[0].frames()) {
      const { rate, data } = await frame.evaluate(async () => {
        const { played, rate } = globalThis.helios
        const reader = new FileReader()
        const url = await new Promise((done) => {
          reader.onload = () => done(reader.result)
          reader.readAsDataURL(new Blob(played))
        })
        return { rate, data: url.split(",")[1] ?? "" }
      })
      if (!rate) continue
      writeFileSync(path, Buffer.from(data, "base64"))
      return String(rate)
    }
    throw new Error("the page has played nothing")
  },

  /** microphone: turns it on as the page's user does. */
  async microphone() {
    await (await desktop()).locator("#noVNC_control_bar_handle").click({ timeout: PATIENCE_MS })
    await screens[0].locator("#micButton").click({ timeout: PATIENCE_MS })
  },

  counted,

  /** look EXPRESSION: a JavaScript expression's value in the page. */
  look: (expression) => screens[0].evaluate(expression),
}
