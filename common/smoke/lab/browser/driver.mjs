import { readFileSync, writeFileSync } from "node:fs"
import { counted, kept } from "./kept.mjs"
import { launch } from "./launch.mjs"
import { options } from "./options.mjs"

const PATIENCE_MS = 20_000
/** How far apart fingers touch a screen, in pixels. */
const FINGER = 40

let browser
/** The first page and those that it opened. */
const screens = []

const pause = (ms = 50) => new Promise((done) => setTimeout(done, ms))

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

/** The page that an option --screen=N names, the other arguments and the other options. */
function on(args) {
  const [{ screen = "1", ...given }, rest] = options(args)
  const page = screens[Number(screen) - 1]
  if (!page) throw new Error(`no screen ${screen}`)
  return [page, rest, given]
}

const size = (text) => {
  const [width, height] = text.split("x").map(Number)
  return { width, height }
}

export const commands = {
  /**
   * open URL [--user=NAME:PASSWORD] [--size=1280x720] [--voice=HERTZ] [--touch] [--mac] [--blind] [--clear]: the page, connected unless it is
   * blind. With --voice its microphone hears a tone, with --touch its screen can be touched, with --mac it takes its machine for one, with
   * --clear it isn't taken for one that came by TLS.
   */
  async open(url, ...args) {
    const [{ user, size: wanted = "1280x720", voice, touch, mac, blind, clear }] = options(args)
    const hasTouch = touch !== undefined
    browser = await launch(url, { voice, hasTouch, isClear: clear !== undefined })
    const [page] = await browser.pages()
    screens.push(page)
    await page.setViewport({ ...size(wanted), hasTouch })
    const [username, ...password] = user?.split(":") ?? []
    if (user) await page.authenticate({ username, password: password.join(":") })
    await page.evaluateOnNewDocument(readFileSync(new URL("taps.js", import.meta.url), "utf8"))
    if (mac) await page.evaluateOnNewDocument(() => Object.defineProperty(navigator, "platform", { get: () => "MacIntel" }))
    const answer = await page.goto(url)
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

  /** press [--screen=N] KEY: by its name in puppeteer. */
  async press(...args) {
    const [page, [key]] = on(args)
    await page.keyboard.press(key)
  },

  /** key EVENT...: what another keyboard or system has a browser tell, each event "down" or "up" and its members in JSON. */
  async key(...events) {
    const dispatch = (canvas, all) => {
      for (const [kind, init] of all) canvas.dispatchEvent(new KeyboardEvent(kind, { bubbles: true, cancelable: true, ...init }))
    }
    const told = events.map((event) => [`key${event.split(" ")[0]}`, JSON.parse(event.slice(event.indexOf(" ")))])
    await (await desktop()).$eval("#noVNC_container canvas", dispatch, told)
  },

  /** click [--screen=N] X Y */
  async click(...args) {
    const [page, [x, y]] = on(args)
    await page.mouse.move(Number(x) - 1, Number(y))
    await page.mouse.click(Number(x), Number(y))
  },

  /**
   * touch [--screen=N] [--fingers=1] [--ms=0] X Y [TO_X TO_Y]: fingers beside one another touch the screen, stay for so long, move if they
   * are to, and leave it.
   */
  async touch(...args) {
    const [page, places, { fingers = "1", ms = "0" }] = on(args)
    const [x, y, toX = x, toY = y] = places.map(Number)
    const left = (FINGER * (Number(fingers) - 1)) / 2
    const touches = []
    for (let n = 0; n < Number(fingers); n++) touches.push(await page.touchscreen.touchStart(x - left + n * FINGER, y))
    await pause(Number(ms))
    const way = x === toX && y === toY ? [] : [0.25, 0.5, 0.75, 1]
    for (const part of way)
      for (const [n, touch] of touches.entries()) await touch.move(x + (toX - x) * part - left + n * FINGER, y + (toY - y) * part)
    for (const touch of touches) await touch.end()
  },

  /** resize [--screen=N] WIDTHxHEIGHT */
  async resize(...args) {
    const [page, [wanted]] = on(args)
    await page.setViewport({ ...page.viewport(), ...size(wanted) })
  },

  /** monitor: opens another screen from the page's own menu. */
  async monitor() {
    await (await desktop()).$eval("#noVNC_addMonitor", (button) => button.click())
    const page = await until("a page is opened", async () => (await browser.pages()).find((one) => !screens.includes(one)))
    await page.setViewport(screens[0].viewport())
    screens.push(page)
    await until("the screen is shown", () =>
      page.evaluate(() => {
        const canvas = document.querySelector("#noVNC_container canvas")
        if (!canvas?.width) document.getElementById("noVNC_connect_button")?.click()
        return canvas?.width > 0
      }),
    )
  },

  /** copy TEXT: into the browser's own clipboard, as if its user had left the page and copied it in another program. */
  async copy(text) {
    await screens[0].bringToFront()
    await (await desktop()).evaluate((value) => {
      window.focus()
      window.dispatchEvent(new Event("blur"))
      return navigator.clipboard.writeText(value)
    }, text)
  },

  /** back: its user comes back to the page by a key, without a click. */
  async back() {
    await (await desktop()).evaluate(() => window.dispatchEvent(new Event("focus")))
  },

  /** pasted: what the browser's own clipboard holds. */
  async pasted() {
    await screens[0].bringToFront()
    return (await desktop()).evaluate(() => window.focus() ?? navigator.clipboard.readText())
  },

  /** sound FILE: writes the samples that have come over the audio sockets. */
  async sound(path) {
    const samples = await kept(screens[0], "sound")
    writeFileSync(path, samples)
    return `${samples.length} bytes`
  },

  /** played FILE: writes the samples that the page has played, 16 bits and two channels; their rate is the answer. */
  async played(path) {
    const { rate } = await counted(screens[0])
    if (!rate) throw new Error("the page has played nothing")
    writeFileSync(path, await kept(screens[0], "played"))
    return String(rate)
  },

  /** microphone: turns it on as the page's user does, by the page's menu, which closes by itself 2 s after the page was connected. */
  async microphone() {
    const frame = await desktop()
    await until("the microphone is turned on", async () => {
      const isOpen = await frame.$eval("#noVNC_control_bar", (bar) => bar.classList.contains("noVNC_open"))
      await (isOpen ? screens[0].click("#micButton") : frame.click("#noVNC_control_bar_handle"))
      return isOpen
    })
  },

  /** counted: what the page has counted of its data channels, and the rate of what it plays. */
  counted: () => counted(screens[0]),

  /** look EXPRESSION: a JavaScript expression's value in the page. */
  look: (expression) => screens[0].evaluate(expression),
}
