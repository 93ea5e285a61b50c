// first-page URL NAME:PASSWORD SECONDS: prints "open" once a browser runs, then the time in microseconds at which its page first
// shows more than one colour of the desktop. The page is asked for until it comes.
import { createRequire } from "node:module"

const puppeteer = createRequire("/opt/browser/")("puppeteer-core")

const [url, user, seconds] = process.argv.slice(2)
const [username, ...password] = user.split(":")
const pause = () => new Promise((done) => setTimeout(done, 20))

/** The time when a frame of the page is seen to show the desktop. Runs in the frame. */
function shown() {
  const canvas = document.querySelector("#noVNC_container canvas")
  if (!canvas?.width || !document.documentElement.classList.contains("noVNC_connected")) return undefined
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  const pixels = new Uint32Array(data.buffer)
  return pixels.some((pixel) => pixel !== pixels[0]) ? Date.now() : undefined
}

async function desktop(page) {
  const times = await Promise.all(page.frames().map((frame) => frame.evaluate(shown).catch(() => undefined)))
  return times.find(Boolean)
}

/** Looks again and again until there is something to be seen. */
async function until(look, end) {
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (Date.now() > end) throw new Error(`the page shows no desktop after ${seconds} s`)
    await pause()
  }
}

async function main() {
  const browser = await puppeteer.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    defaultViewport: { width: 1280, height: 720 },
    timeout: 180_000,
  })
  const page = await browser.newPage()
  await page.authenticate({ username, password: password.join(":") })
  console.log("open")
  const end = Date.now() + Number(seconds) * 1000
  await until(async () => (await page.goto(url, { waitUntil: "domcontentloaded" }).catch(() => undefined))?.ok(), end)
  console.log(String((await until(() => desktop(page), end)) * 1000))
  await browser.close()
}

main().catch(({ message }) => {
  console.error(`first-page: ${message}`)
  process.exit(1)
})
