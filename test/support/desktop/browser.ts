import { createServer } from "node:net"
import { chromium, type Page } from "playwright-core"
import { need, until } from "../farm.ts"
import { Picture } from "./pixels.ts"

/** Where a desktop is shown. */
export const PAGE = "http://localhost:3000"

export interface Credentials {
  username: string
  password: string
}

/** Who a desktop lets in that was brought up, by each line that the call said so in. */
export const toldBy = (output: string): Credentials[] =>
  [...output.matchAll(/^helios: http:\/\/localhost:3000 {2}user (\S+), password (\S+)$/gm)].map(([, username = "", password = ""]) => ({
    username,
    password,
  }))

/** The header by which a program is one of them. */
export const basic = ({ username, password }: Credentials) => `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** Makes sure of a browser, and that nothing is on the desktop's port yet. */
export async function needBrowser(): Promise<void> {
  await need("chromium", ["chromium"])
  if (!(await isFree(3000))) throw new Error("port 3000 is taken: end what listens on it")
}

/** A page of 1280x720 at an address, in a browser of its own that a program starts. */
export async function browse(url: string, credentials?: Credentials, executablePath = "/usr/bin/chromium"): Promise<Page> {
  const browser = await chromium.launch({ executablePath, args: FLAGS })
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, httpCredentials: credentials, ignoreHTTPSErrors: true })
  await page.goto(url)
  return page
}

/** That of a desktop on this machine; what it and the browser complain of is added to `complaints`. */
export async function openPage(credentials?: Credentials, complaints: string[] = []): Promise<Page> {
  const page = await browse("about:blank", credentials)
  page.on("pageerror", ({ message }) => complaints.push(message))
  page.on("requestfailed", (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`))
  page.on("console", (message) => message.type() === "error" && complaints.push(`${message.location().url}: ${message.text()}`))
  await page.goto(PAGE)
  return page
}

/** What a page shows. */
export const look = async (page: Page) => new Picture(await page.screenshot())

/** Waits for a light panel below and a wallpaper of many colours. */
export async function showsDesktop(page: Page): Promise<void> {
  await until("panel and wallpaper are shown", 60, async () => {
    const picture = await look(page)
    const isPanel = [500, 600, 700, 800, 900].every((x) => picture.brightness(x, 702) > 180 && picture.brightness(x, 670) < 60)
    return isPanel && picture.colours(800, 0, 460, 600) > 200
  })
}

/** Whether nothing listens on a port. */
export const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once("error", () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
