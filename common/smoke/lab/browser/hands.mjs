// What somebody does with a browser's page by keyboard, mouse and touch.
import { desktop, on, pause, screens } from "./screens.mjs"

/** How far apart fingers touch a screen, in pixels. */
const FINGER = 40

export const hands = {
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

  /** chord [--screen=N] KEY...: presses the last while the others are down. */
  async chord(...args) {
    const [page, keys] = on(args)
    const held = keys.slice(0, -1)
    for (const key of held) await page.keyboard.down(key)
    await page.keyboard.press(keys.at(-1))
    for (const key of held.reverse()) await page.keyboard.up(key)
  },

  /** key EVENT...: what another keyboard or system has a browser tell, each event "down" or "up" and its members in JSON. */
  async key(...events) {
    const dispatch = (canvas, all) => {
      for (const [kind, init] of all) canvas.dispatchEvent(new KeyboardEvent(kind, { bubbles: true, cancelable: true, ...init }))
    }
    const told = events.map((event) => [`key${event.split(" ")[0]}`, JSON.parse(event.slice(event.indexOf(" ")))])
    await (await desktop()).$eval("#noVNC_container canvas", dispatch, told)
  },

  /**
   * phone EVENT...: what a phone's own keyboard does to the field that the page has for it, which must have the focus: "compose TEXT" makes
   * that the word under way, "write TEXT" ends it so, and "erase" takes a letter away. No event says which key it was.
   */
  async phone(...events) {
    const [page] = screens
    const frame = await desktop()
    const input = await page.createCDPSession()
    const act = {
      compose: (text) => input.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length }),
      write: (text) => input.send("Input.insertText", { text }),
      erase: () => frame.evaluate(() => document.execCommand("delete")),
    }
    for (const event of events) {
      const [kind, ...text] = event.split(" ")
      await act[kind](text.join(" "))
      await pause()
    }
  },

  /** click [--screen=N] X Y */
  async click(...args) {
    const [page, [x, y]] = on(args)
    await page.mouse.move(Number(x) - 1, Number(y))
    await page.mouse.click(Number(x), Number(y))
  },

  /** move X Y TO_X TO_Y: the mouse goes from there to there in ten steps, slowly enough for a program that moves it back. */
  async move(...args) {
    const [x, y, toX, toY] = args.map(Number)
    for (let step = 0; step <= 10; step++) {
      await screens[0].mouse.move(x + ((toX - x) * step) / 10, y + ((toY - y) * step) / 10)
      await pause(100)
    }
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
}
