import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { basic, type Credentials, isFree, look, needBrowser, openPage, PAGE, showsDesktop, toldBy } from "../../support/desktop/browser.ts"
import { answered, asked, knocked } from "../../support/desktop/door.ts"
import type { Colour } from "../../support/desktop/pixels.ts"
import { built } from "../../support/engine/engine.ts"
import { processesWith, reportFolder, start, until } from "../../support/farm.ts"

const BLACK: Colour = [0, 0, 0]
const GREEN: Colour = [20, 80, 60]
let page: Page
let up: ReturnType<typeof start>
/** What the call has said so far. */
let said = ""
let owner: Credentials
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
  up.stderr.on("data", (data) => {
    said += data
  })
  owner = (await until("the password is told", 900, () => toldBy(said)[0], 500)) as Credentials
  await until("the page answers", 15, async () => (await fetch(PAGE)).status === 401, 500)
  page = await openPage(owner, complaints)
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
  const partial = (await page.context().browser()?.newPage({ httpCredentials: owner })) as Page
  const refused: string[] = []
  await partial.route(`**/${part}`, (route) => (refused.push(part) === 1 ? route.abort("connectionreset") : route.continue()))
  await partial.goto(PAGE)
  await until("the desktop is shown", 15, async () => (await partial.locator("canvas").count()) === 1, 200)
  expect(refused.length).toBeGreaterThan(1)
  await partial.close()
})

describe("the page's door", () => {
  const wrong = (password: string) => ({ Authorization: basic({ username: owner.username, password }) })
  const right = () => ({ Authorization: basic(owner) })
  const cookie = async () => ({ Cookie: (await answered("/", right())).cookies.map((one) => one.split(";")[0]).join("; ") })

  const paths = ["/", "/index.html", "/desktop.json", "/novnc/core/rfb.js", "/websockify", "/nothing", "//desktop.json"]
  test.each([...paths, "/novnc/../desktop.json", "/novnc/%2e%2e/desktop.json", "http://localhost/"])(
    "%s is refused without the password, and with a wrong one",
    async (path) => {
      const bad: Record<string, string>[] = [{}, wrong(""), wrong(`${owner.password}x`), { Cookie: "helios_00000000=" }]
      for (const headers of bad) expect(await answered(path, headers)).toEqual({ status: 401, cookies: [] })
    },
  )

  test("what the page is told of the VNC server is another password", async () => {
    const { title, password } = await (await fetch(`${PAGE}/desktop.json`, { headers: await cookie() })).json()
    expect([title, password]).toEqual(["bookworm", expect.stringMatching(/^[A-Za-z2-9]{8}$/)])
    expect(owner).toEqual({ username: "helios", password: expect.stringMatching(/^[A-Za-z2-9]{20}$/) })
  })

  test("the websocket asks for it, and takes the cookie that the page gave for it", async () => {
    const known = await cookie()
    expect(known.Cookie).toMatch(/^helios_[0-9a-f]{8}=[0-9a-f]{64}$/)
    expect(await knocked()).toBe(401)
    expect(await knocked(wrong("0pen-sesame"))).toBe(401)
    expect(await knocked({ Cookie: known.Cookie.replace(/.$/, (last) => (last === "0" ? "1" : "0")) })).toBe(401)
    expect([await knocked(right()), await knocked(known), await knocked({ ...known, Origin: PAGE })]).toEqual([101, 101, 101])
  })

  test("another site's page is refused, whoever asks", async () => {
    const known = await cookie()
    for (const Origin of ["http://evil.example", "http://localhost:3001", "http://localhost:3000.evil.example", "null"])
      expect([await knocked({ ...known, Origin }), (await answered("/desktop.json", { ...right(), Origin })).status], Origin).toEqual([
        403, 403,
      ])
    // A name of its own that it had shown to this machine (DNS rebinding) has no cookie.
    expect(await knocked({ Host: "evil.example", Origin: "http://evil.example" })).toBe(401)
  })

  test("guessing is braked, and who is logged in isn't", async () => {
    const known = await cookie()
    const began = Date.now()
    const tries = await Promise.all(Array.from({ length: 100 }, (_, index) => asked("/", wrong(`guess-${index}`))))
    const open = [await knocked(known), (await asked("/", known)).status]
    const heard = tries.filter(({ status }) => status === 401).length
    expect(tries.filter(({ status }) => status === 429)).toHaveLength(100 - heard)
    expect(heard).toBeLessThanOrEqual(21 + (5 * (Date.now() - began)) / 1000)
    expect(open).toEqual([101, 200])
    expect((await answered("/", right())).status, "and soon the right one is taken again").toBe(200)
  })

  test("each login and each failed one is a line of the log", async () => {
    const lines = [
      /helios: login from [\d.]+$/m,
      /helios: failed login from [\d.]+$/m,
      /helios: failed login, one of too many, from [\d.]+$/m,
    ]
    await until("all are there", 15, () => lines.every((line) => line.test(said)))
    expect(said).not.toContain("guess-")
  })

  test("the password is told once, and is in no process's arguments, in the environment of the call alone, and in no log", () => {
    expect(toldBy(said)).toEqual([owner])
    expect(said.split(owner.password)).toHaveLength(2)
    const read = (pid: string, file: string) => readFileSync(`/proc/${pid}/${file}`, "utf8")
    const holders = processesWith(owner.password)
    expect(holders.filter((pid) => read(pid, "cmdline").includes(owner.password))).toEqual([])
    expect(holders.map((pid) => read(pid, "comm").trim()).sort()).toEqual(["dagger", expect.stringMatching(/^node/)])
    expect(readFileSync(join(built, "run/engine.log"), "utf8")).not.toContain(owner.password)
  })
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
