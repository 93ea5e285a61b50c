import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import type { Results } from "../../../src/core/smoke/results.ts"
import { across, Picture } from "../../support/desktop/pixels.ts"
import { create, extend, LIMITS, must, podman, pulledImage, removeBoxes, removeImages, runOnce } from "../../support/desktop/podman.ts"
import { HELIOS_RUNS, PASSWORD, page } from "../../support/desktop/profiles.ts"
import { restartProblems, stopProblems, works } from "../../support/desktop/promises.ts"
import { readOnlyProblems } from "../../support/desktop/read-only.ts"
import { unprivilegedProblems } from "../../support/desktop/unprivileged.ts"
import {
  call,
  clean,
  failures,
  MINUTE,
  MIRROR,
  NO_MIRROR,
  promisesOf,
  reportFolder,
  room,
  sizeProblems,
  smoke,
  smokeCall,
  until,
} from "../../support/farm.ts"

const promises = promisesOf("helios", "s6")

afterAll(clean)

describe.skipIf(!MIRROR)(`helios on bookworm${MIRROR ? "" : `, ${NO_MIRROR}`}`, () => {
  let image: string

  beforeAll(async () => {
    image = await pulledImage("helios")
  }, 60 * MINUTE)
  afterEach(removeBoxes)
  afterAll(removeImages)

  test("smoke: every promise passed, none is skipped or missing", async () => {
    const folder = join(reportFolder(), "helios-bookworm")
    await call([...smokeCall("bookworm", { profile: "helios" }), "files", `--output=${folder}`], 40)
    const results = JSON.parse(readFileSync(join(folder, "smoke.json"), "utf8")) as Results
    expect(failures(results)).toEqual([])
    expect(results.outcomes.map(({ promise, status }) => `${promise} ${status}`).sort()).toEqual(promises.map((name) => `${name} passed`))
    expect(promises.length).toBeGreaterThanOrEqual(27)
    expect(sizeProblems(results.size, "bookworm", "helios", "s6")).toEqual([])
    const picture = new Picture(readFileSync(join(folder, "desktop.png")))
    expect(picture.size).toEqual([1280, 720])
    expect(picture.colours(840, 0, 420, 500)).toBeGreaterThan(100)
    expect(Math.min(...across(500).map((x) => picture.brightness(x, 702)))).toBeGreaterThan(180)
  })

  test("screenshot: in a browser of 4K the desktop is as large, with the wallpaper and the panel up to its edges", async () => {
    const file = join(room(), "4k.png")
    await call([`--mirror=${MIRROR}`, "image", "--distro=bookworm", "screenshot", "--size=3840x2160", `--output=${file}`])
    const picture = new Picture(readFileSync(file))
    expect(picture.size).toEqual([3840, 2160])
    expect(picture.colours(3600, 0, 240, 1000)).toBeGreaterThan(20)
    expect(Math.min(...across(2000).map((x) => picture.brightness(x, 2142)))).toBeGreaterThan(180)
  })

  test("restart: the same container, stopped and started 5 times and killed once, works each time", async () => {
    expect(await restartProblems(image, 5, HELIOS_RUNS)).toEqual([])
  })

  test("stop, shutdown-hook: services end in order after the hooks, within 10 s, with exit code 0", async () => {
    expect(await stopProblems(image, HELIOS_RUNS)).toEqual([])
  })

  test("idle-hook: a mounted script runs after IDLE_TIME without input, and not before", async () => {
    const [hooks, evidence] = [room(), room()]
    writeFileSync(join(hooks, "10-mine.sh"), "touch /evidence/idle\n")
    for (const folder of [hooks, evidence]) chmodSync(folder, 0o777)
    const volumes = [`--volume=${hooks}:/etc/helios/idle.d:ro`, `--volume=${evidence}:/evidence`]
    const box = await create(image, [...HELIOS_RUNS.options, "--env=IDLE_TIME=0.3", ...volumes])
    await must(["start", box.name])
    await works(box, HELIOS_RUNS)
    const ready = Date.now()
    await until("the hook has run", 60, () => existsSync(join(evidence, "idle")), 200)
    expect(Date.now() - ready).toBeGreaterThan(9_000)
  })

  test("read-only: works with --read-only and tmpfs, hook folders mounted read-only", async () => {
    expect(await readOnlyProblems(image)).toEqual([])
  })

  test.each([
    ["read-only without a /run that services can start from", ["--read-only", "--tmpfs=/run:noexec"], "--tmpfs /run:exec"],
    ["started as an account of the system", ["--user=33"], "--user=33: expected a number from 1000"],
  ])("%s: one line says what to do", async (_, options, says) => {
    const { stderr, exitCode } = await podman(["run", "--rm", "--network=none", ...options, ...LIMITS, ...ENV, image])
    expect([exitCode === 0, stderr.trim().split("\n")]).toEqual([false, [expect.stringContaining(says)]])
  })

  test("unprivileged: where nobody is root, it is a desktop of that user's with its page, and after a stop again", async () => {
    expect(await unprivilegedProblems(image, HELIOS_RUNS, PASSWORD)).toEqual([])
  })

  test("stop: a start that waits for a service which never comes up is given up, within 10 s and with exit code 0", async () => {
    const waiting = await extend("helios-waiting", image, ["RUN printf '#!/bin/sh\\nexit 1\\n' >/usr/bin/xfdesktop"])
    const box = await create(waiting, HELIOS_RUNS.options)
    await must(["start", box.name])
    await until("the page is there", 30, async () => (await page(box, "/", `bob:${PASSWORD}`)).status === 200)
    const began = Date.now()
    await podman(["stop", "--time=12", box.name])
    expect(Date.now() - began).toBeLessThan(10_000)
    expect(await must(["inspect", "--format={{.State.ExitCode}}", box.name])).toBe("0")
  })

  test("AUTH=proxy leaves passwords to a proxy, and PREFIX=/a/b moves everything", async () => {
    const proxied = await create(image, ["--env=AUTH=proxy", "--env=HOSTS=127.0.0.1"])
    await must(["start", proxied.name])
    await works(proxied, HELIOS_RUNS)
    expect(await page(proxied, "/")).toMatchObject({ status: 200, body: expect.stringContaining("<iframe") })
    const moved = await create(image, [...HELIOS_RUNS.options, "--env=PREFIX=/a/b"])
    await must(["start", moved.name])
    await expect.poll(async () => (await page(moved, "/a/b/health")).status, { timeout: 20_000 }).toBe(200)
    expect(await page(moved, "/a/b/", `bob:${PASSWORD}`)).toMatchObject({ status: 200, body: expect.stringContaining("<iframe") })
    expect((await page(moved, "/a/b/")).status).toBe(401)
    expect((await page(moved, "/", `bob:${PASSWORD}`)).status).toBe(404)
  })

  test("from: FROM it, a package installed, and the other promises still hold", async () => {
    const mine = await extend("helios-from", image, [
      "RUN apt-get update && apt-get install -y --no-install-recommends xterm && apt-get clean && rm -rf /var/lib/apt/lists/*",
    ])
    expect(failures(await smoke("bookworm", { profile: "helios", container: mine }))).toEqual([])
    expect(await restartProblems(mine, 1, HELIOS_RUNS)).toEqual([])
    expect(await stopProblems(mine, HELIOS_RUNS)).toEqual([])
    expect(await runOnce(mine, "xterm", "-version")).toMatch(/^XTerm\(\d+\)/)
  })
})

const ENV = ["--env=USER=bob", "--env=UID=1000", `--env=PASSWORD=${PASSWORD}`]
