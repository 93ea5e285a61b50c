import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { isFree, look, needBrowser, openPage, PAGE, showsDesktop } from "./browser.ts"
import { processesWith, reportFolder, start, until } from "./farm.ts"
import type { Colour } from "./pixels.ts"

const BLACK: Colour = [0, 0, 0]
const GREEN: Colour = [20, 80, 60]
let page: Page
let up: ReturnType<typeof start>
/** What the browser and the page complained of. */
const complaints: string[] = []

/** The desktop's own processes, in the container. */
const vncServers = () =>
  processesWith("HOME=/home/helios").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("Xtigervnc")
    } catch {
      return false
    }
  })

beforeAll(async () => {
  await needBrowser()
  up = start(["call", "desktop", "--distro=bookworm", "--profile=kvdi", "up"], 18)
  await until("the page answers", 900, async () => (await fetch(PAGE)).ok, 500)
  page = await openPage(undefined, complaints)
})

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return
  const status = await page.locator("#status").textContent({ timeout: 1000 })
  console.error(`The page says "${status}"; the browser's complaints:\n${complaints.join("\n")}`)
})

afterAll(async () => {
  await page?.context().browser()?.close()
  up?.kill("SIGINT")
  await up
})

test("a browser on http://localhost:3000 shows the desktop: a light panel below, a wallpaper of many colours", async () => {
  await showsDesktop(page)
  expect(await page.title()).toBe("Helios: bookworm")
  expect(await page.locator("canvas").count()).toBe(1)
})

test("the browser's size is the desktop's", async () => {
  const size = () =>
    page.locator("canvas").evaluate((canvas) => [(canvas as HTMLCanvasElement).width, (canvas as HTMLCanvasElement).height].join("x"))
  await page.setViewportSize({ width: 1024, height: 640 })
  await until("the desktop is 1024x640", 15, async () => (await size()) === "1024x640", 200)
  await page.setViewportSize({ width: 1280, height: 720 })
  await until("the desktop is 1280x720", 15, async () => (await size()) === "1280x720", 200)
  await until("the panel follows", 15, async () => (await look(page)).brightness(600, 702) > 180, 200)
})

test("a terminal opens from the panel's menu, and what is typed in it is done and seen", async () => {
  const before = await look(page)
  expect(before.count(GREEN)).toBe(0)
  await page.mouse.click(60, 702)
  await until("the menu is open", 10, async () => (await look(page)).brightness(100, 640) > 180, 200)
  await page.keyboard.press("ArrowDown")
  await page.keyboard.press("Enter")
  await until("a terminal is open", 20, async () => (await look(page)).count(BLACK) > before.count(BLACK) + 50_000, 300)
  await page.keyboard.type("printf '\\e[48;2;20;80;60m\\e[2J\\e[H'; PS1=", { delay: 15 })
  await page.keyboard.press("Enter")
  const green = await until(
    "the terminal is green",
    15,
    async () => {
      const count = (await look(page)).count(GREEN)
      return count > 50_000 ? count : 0
    },
    300,
  )
  await page.keyboard.type("echo a line that was typed in the browser", { delay: 15 })
  await page.keyboard.press("Enter")
  await until("the line is seen, typed and answered", 15, async () => (await look(page)).count(GREEN) < green - 1000, 300)
  await page.screenshot({ path: join(reportFolder(), "desktop-browser.png") })
})

test.each(["desktop.json", "novnc/core/rfb.js"])("a page whose %s did not come loads itself again", async (part) => {
  const partial = (await page.context().browser()?.newPage()) as Page
  const refused: string[] = []
  await partial.route(`**/${part}`, (route) => (refused.push(part) === 1 ? route.abort("connectionreset") : route.continue()))
  await partial.goto(PAGE)
  await until("the desktop is shown", 15, async () => (await partial.locator("canvas").count()) === 1, 200)
  expect(refused.length).toBeGreaterThan(1)
  await partial.close()
})

test("^C ends it: exit code 130, the port is free, no process stays", async () => {
  expect(vncServers().length).toBeGreaterThan(0)
  up.kill("SIGINT")
  const { exitCode, stderr } = await up
  expect(exitCode).toBe(130)
  expect(stderr.trim().split("\n").at(-1)).toBe("helios: cancelled")
  await until("port 3000 is free", 15, () => isFree(3000), 300)
  await until("the desktop has ended", 30, () => vncServers().length === 0, 300)
  expect(processesWith("call\0desktop\0--distro=bookworm")).toEqual([])
})
