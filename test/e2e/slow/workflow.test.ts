import { readFileSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { parse } from "yaml"
import { type Credentials, isFree, needBrowser, openPage, PAGE, showsDesktop, toldBy } from "../../support/desktop/browser.ts"
import { compose, composeFolder, kvdiOptions } from "../../support/desktop/deployed.ts"
import { must, needPodman, podman, pulledImage } from "../../support/desktop/podman.ts"
import { HELIOS_RUNS, PASSWORD } from "../../support/desktop/profiles.ts"
import { works } from "../../support/desktop/promises.ts"
import { call, clean, MINUTE, MIRROR, NO_MIRROR, need, ROOT, reportFolder, room, until } from "../../support/farm.ts"
import type { Template } from "../../support/kvdi.d.ts"

const CONTAINERS = ["helios-e2e_helios_1", "helios-e2e-kvdi"] as const
const [COMPOSED, KVDI] = CONTAINERS

/** What the hooks of common/deploy said. */
const hellos = async (name: string) =>
  [...(await must(["logs", name])).matchAll(/^hello from (\S+): the desktop of bob|^hello from (services\.d)$/gm)].map(
    ([, hook, service]) => hook ?? service,
  )

const exitCode = async (name: string) => Number(await must(["inspect", "--format={{.State.ExitCode}}", name]))
const box = (name: string) => ({ name, shared: "" })

afterEach(() => podman(["rm", "--force", "--time=0", "--ignore", ...CONTAINERS]))
afterAll(clean)

/** Looks at port 3000 as a user does, and keeps what was seen. */
async function seeDesktop(name: string, credentials: Credentials): Promise<void> {
  await until("the page answers", 900, async () => (await fetch(PAGE)).status === 401, 500)
  const opened = await openPage(credentials)
  try {
    await showsDesktop(opened)
    await opened.screenshot({ path: join(reportFolder(), `${name}.png`) })
  } finally {
    await opened.context().browser()?.close()
  }
}

async function makeShows(name: string, args: string[]): Promise<void> {
  await need("make", ["make"])
  await needBrowser()
  const made = execa("make", args, { cwd: ROOT, reject: false, stdin: "ignore", detached: true, timeout: 40 * MINUTE })
  let said = ""
  made.stderr.on("data", (data) => {
    said += data
  })
  const told = () => until("the password is told", 30 * 60, () => toldBy(said)[0], 500) as Promise<Credentials>
  const seen = async () => seeDesktop(name, await told())
  try {
    await Promise.race([seen(), made.then(({ stderr }) => Promise.reject(new Error(`make ended: ${stderr.slice(-2000)}`)))])
  } finally {
    if (made.pid) process.kill(-made.pid, "SIGINT")
    await made
  }
  await until("port 3000 is free", 15, () => isFree(3000), 300)
}

describe("make", () => {
  test("bookworm PROFILE=kvdi shows the desktop on http://localhost:3000 until ^C", () =>
    makeShows("make-bookworm-kvdi", ["bookworm", "PROFILE=kvdi"]))

  test.skipIf(!MIRROR)(`bookworm shows the helios desktop there${MIRROR ? "" : `, ${NO_MIRROR}`}`, () =>
    makeShows("make-bookworm", ["bookworm", `MIRROR=${MIRROR}`]),
  )

  test("format puts a file in order again", async () => {
    await need("make", ["make"])
    await need("shfmt", ["shfmt"])
    const copy = join(room(), "farm")
    await execa("git", ["clone", "--quiet", ROOT, copy])
    await execa("cp", ["--archive", join(ROOT, "node_modules"), copy])
    utimesSync(join(copy, "package-lock.json"), 0, 0)
    for (const [path, from, to] of [
      ["src/core/errors.ts", "  ", "\t"],
      ["common/gateway/serve", "set -eu", "  set -eu"],
    ] as const) {
      const text = readFileSync(join(copy, path), "utf8")
      writeFileSync(join(copy, path), text.replace(from, to))
    }
    const changed = async () => (await execa("git", ["-C", copy, "status", "--porcelain"])).stdout.split("\n").filter((line) => line)
    expect(await changed()).toHaveLength(2)
    await execa("make", ["format"], { cwd: copy })
    expect(await changed()).toEqual([])
  })
})

describe.skipIf(!MIRROR)(`what common/deploy has for helios${MIRROR ? "" : `, ${NO_MIRROR}`}`, () => {
  let image: string

  beforeAll(async () => {
    image = await pulledImage("helios")
  }, 60 * MINUTE)

  test("compose.yaml shows the desktop, runs the hooks, knows its health, and keeps the home", async () => {
    await need("podman-compose", ["podman-compose"])
    await needBrowser()
    const folder = composeFolder()
    try {
      await compose(folder, image, "up", "-d")
      await seeDesktop("compose", { username: "bob", password: PASSWORD })
      expect((await fetch(PAGE)).status).toBe(401)
      expect(await hellos(COMPOSED)).toEqual(["init.d", "services.d"])
      expect((await podman(["healthcheck", "run", COMPOSED])).exitCode).toBe(0)
      expect((await podman(["exec", COMPOSED, "touch", "/etc/written"])).exitCode).not.toBe(0)
      await must(["exec", "--user=1000", COMPOSED, "touch", "/home/bob/kept"])
      await must(["exec", COMPOSED, "/command/s6-svc", "-d", "/run/service/nginx"])
      await until("the check sees it", 10, async () => (await podman(["healthcheck", "run", COMPOSED])).exitCode !== 0)
      await compose(folder, image, "stop")
      expect(await hellos(COMPOSED)).toEqual(["init.d", "services.d", "shutdown.d"])
      expect(await exitCode(COMPOSED)).toBe(0)
      await compose(folder, image, "down")
      await compose(folder, image, "up", "-d")
      await works(box(COMPOSED), HELIOS_RUNS)
      await must(["exec", COMPOSED, "test", "-f", "/home/bob/kept"])
    } finally {
      await compose(folder, image, "down", "-v")
    }
  })
})

describe("a template of common/deploy/kvdi", () => {
  let image: string
  const read = (name: string) => parse(readFileSync(join(ROOT, "common/deploy/kvdi", name), "utf8")) as Template
  const banner = async () =>
    (await must(["exec", KVDI, "sh", "-c", "ls -l /var/run/kvdi"])).match(/^srw-rw---- .* display\.sock$/m) !== null
  const boot = (init?: "supervisord" | "systemd") =>
    must(["run", "--detach", `--name=${KVDI}`, ...kvdiOptions(read("bookworm.yaml"), init), image])

  beforeAll(async () => {
    await needPodman()
    image = await pulledImage("kvdi")
  })

  test("has its image started so that the display's and the sound's sockets are where kVDI looks for them", async () => {
    await boot()
    await until("the display's socket is there", 20, banner, 300)
    const { spec } = read("bookworm.yaml")
    for (const socket of [spec.proxy?.socketAddr, spec.proxy?.pulseServer])
      await until(
        `${socket} is there`,
        20,
        async () => (await podman(["exec", KVDI, "test", "-S", `${socket}`.replace("unix://", "")])).exitCode === 0,
        300,
      )
    expect(await must(["exec", KVDI, "stat", "--format=%u", "/var/run/kvdi/display.sock"])).toBe("9000")
  })

  test("has it ended as kVDI does, hooks first", async () => {
    await boot()
    await until("the display's socket is there", 20, banner, 300)
    await must(["exec", KVDI, "sh", "-c", "mkdir -p /etc/helios/shutdown.d && echo echo the hook ran >/etc/helios/shutdown.d/10-says.sh"])
    await must(["exec", KVDI, "kill", "-s", "SIGRTMIN+3", "1"])
    expect(await must(["wait", KVDI])).toBe("0")
    expect(await must(["logs", KVDI])).toContain("the hook ran")
  })

  test("may name the kind of init that kVDI starts as the desktop's user: then it is a desktop without root", async () => {
    await boot("supervisord")
    await until("the display's socket is there", 20, banner, 300)
    expect(await must(["exec", KVDI, "stat", "--format=%u", "/var/run/kvdi/display.sock", "/proc/1"])).toBe("9000\n9000")
  })

  test("is what the call prints", async () => {
    const args = ["image", "--distro=bookworm", "--profile=kvdi", "kvdi-template", "--address=registry/helios-kvdi:bookworm"]
    expect(await call(args)).toBe(readFileSync(join(ROOT, "common/deploy/kvdi/bookworm.yaml"), "utf8").trim())
  })
})
