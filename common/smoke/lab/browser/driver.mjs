import { readFileSync, writeFileSync } from "node:fs"
import { content, copied, keepPicture } from "./copied.mjs"
import { hands } from "./hands.mjs"
import { counted, kept } from "./kept.mjs"
import { launch } from "./launch.mjs"
import { options } from "./options.mjs"
import { desktop, on, screens, until } from "./screens.mjs"

let browser

const size = (text) => {
  const [width, height] = text.split("x").map(Number)
  return { width, height }
}

/** Chooses something of the page's menu, which closes by itself 2 s after the page was connected. */
async function chosen(choose) {
  const frame = await desktop()
  await until("the menu is open", async () => {
    const isOpen = await frame.$eval("#noVNC_control_bar", (bar) => bar.classList.contains("noVNC_open"))
    await (isOpen ? choose() : frame.click("#noVNC_control_bar_handle"))
    return isOpen
  })
}

export const commands = {
  ...hands,

  /**
   * open URL [--user=NAME:PASSWORD] [--size=1280x720] [--voice=HERTZ] [--touch] [--platform=NAME] [--blind] [--clear]: the page, connected unless it is
   * blind. With --voice its microphone hears a tone, with --touch its screen can be touched, by --platform it is a browser of such a
   * machine, with --clear it isn't taken for one that came by TLS.
   */
  async open(url, ...args) {
    const [{ user, size: wanted = "1280x720", voice, touch, platform, blind, clear }] = options(args)
    const hasTouch = touch !== undefined
    browser = await launch(url, { voice, hasTouch, isClear: clear !== undefined })
    const [page] = await browser.pages()
    screens.push(page)
    await page.setViewport({ ...size(wanted), hasTouch })
    const [username, ...password] = user?.split(":") ?? []
    if (user) await page.authenticate({ username, password: password.join(":") })
    await page.evaluateOnNewDocument(readFileSync(new URL("taps.js", import.meta.url), "utf8"))
    const isOn = (name) => Object.defineProperty(navigator, "platform", { get: () => name })
    if (platform) await page.evaluateOnNewDocument(isOn, platform)
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

  /** resize [--screen=N] [--zoom=1] WIDTHxHEIGHT: the window's size in the screen's pixels, and by how much its user magnifies the page. */
  async resize(...args) {
    const [page, [wanted], { zoom = "1" }] = on(args)
    const { width, height } = size(wanted)
    const magnified = { deviceScaleFactor: Number(zoom), width: Math.round(width / zoom), height: Math.round(height / zoom) }
    await page.setViewport({ ...page.viewport(), ...magnified })
  },

  /** drawn X Y: the pixel of the desktop that is drawn at that place of the page, as "X Y". */
  async drawn(x, y) {
    return (await desktop()).$eval(
      "#noVNC_container canvas",
      (canvas, [atX, atY]) => {
        const frame = window.frameElement?.getBoundingClientRect() ?? { left: 0, top: 0 }
        const { left, top, width, height } = canvas.getBoundingClientRect()
        const part = [(atX - frame.left - left) / width, (atY - frame.top - top) / height]
        return `${Math.floor(part[0] * canvas.width)} ${Math.floor(part[1] * canvas.height)}`
      },
      [Number(x), Number(y)],
    )
  },

  /** behind: opens a tab before the page, so that nobody sees it. */
  async behind() {
    await browser.newPage()
    await until("the page is hidden", () => screens[0].evaluate(() => document.visibilityState === "hidden"))
  },

  /** front: closes such tabs. */
  async front() {
    for (const page of await browser.pages()) if (!screens.includes(page)) await page.close()
    await screens[0].bringToFront()
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

  /** copy TEXT|--file=PATH: into the browser's own clipboard, as if its user had left the page and copied it in another program. */
  async copy(...args) {
    const [{ file }, [text]] = options(args)
    await screens[0].bringToFront()
    await (await desktop()).evaluate(copied, file === undefined ? { text } : content(file))
  },

  /** back: its user comes back to the page by a key, without a click. */
  async back() {
    await (await desktop()).evaluate(() => window.dispatchEvent(new Event("focus")))
  },

  /** pasted [--file=FILE.png]: the text that the browser's own clipboard holds, or writes its picture there. */
  async pasted(...args) {
    const [{ file }] = options(args)
    await screens[0].bringToFront()
    const frame = await desktop()
    if (file === undefined) return frame.evaluate(() => window.focus() ?? navigator.clipboard.readText())
    await frame.evaluate(keepPicture)
    writeFileSync(file, await kept(screens[0], "picture"))
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

  /** microphone: turns it on as the page's user does, by the page's menu. */
  microphone: () => chosen(() => screens[0].click("#micButton")),

  /** relative: has the mouse tell by how much it moves, by the page's menu, and not where it is. */
  relative: () => chosen(async () => (await desktop()).click("#noVNC_game_mode_button")),

  /** keyboard: opens a phone's own keyboard, by the page's menu. */
  async keyboard() {
    const frame = await desktop()
    const isFocused = () => frame.evaluate(() => document.activeElement.id === "noVNC_keyboardinput")
    await chosen(() => frame.click("#noVNC_toggle_extra_keys_button"))
    await until("the keyboard is open", async () => (await frame.click("#noVNC_keyboard_button")) ?? isFocused())
  },

  /** counted: what the page has counted of its data channels, and the rate of what it plays. */
  counted: () => counted(screens[0]),

  /** look EXPRESSION: a JavaScript expression's value in the page. */
  look: (expression) => screens[0].evaluate(expression),
}
