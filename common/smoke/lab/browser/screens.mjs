// The pages of a browser, as the commands for it name them.
import { options } from "./options.mjs"

const PATIENCE_MS = 20_000

/** The first page and those that it opened. */
export const screens = []

export const pause = (ms = 50) => new Promise((done) => setTimeout(done, ms))

/** What a look at something finds, as soon as it finds anything. */
export async function until(what, look) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause()) {
    const seen = await look().catch(() => undefined)
    if (seen) return seen
  }
  throw new Error(`not within ${PATIENCE_MS / 1000} s: ${what}`)
}

const isConnected = (frame) => frame.evaluate(() => document.documentElement.classList.contains("noVNC_connected"))

/** The frame of a page that shows the desktop. */
export async function desktop(page = screens[0]) {
  return until("the page is connected to the desktop", async () => {
    for (const frame of page.frames()) if (await isConnected(frame)) return frame
  })
}

/** The page that an option --screen=N names, the other arguments and the other options. */
export function on(args) {
  const [{ screen = "1", ...given }, rest] = options(args)
  const page = screens[Number(screen) - 1]
  if (!page) throw new Error(`no screen ${screen}`)
  return [page, rest, given]
}
