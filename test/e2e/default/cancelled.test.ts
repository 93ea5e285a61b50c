import { afterAll, expect, test } from "vitest"
import { call, clean, processesWith, REGISTRY, start, until } from "../../support/farm.ts"
import { markedDistro } from "../../support/upstreams/marked.ts"

afterAll(clean)

test("^C in a build: it says so, ends with 130, leaves nothing behind and publishes nothing", async () => {
  const mark = `cancelled-${Date.now()}`
  const child = start([
    "call",
    `--distros=${markedDistro(mark)}`,
    "build",
    "--distro=marked",
    "--profile=kvdi",
    "publish",
    `--address=${REGISTRY}/helios-e2e:${mark}`,
  ])
  let seen = ""
  child.stderr.on("data", (data) => {
    seen += data
  })
  // Packages are being installed, in a process that the mark is in the environment of.
  await until("packages are installed", 120, () => /(Unpacking|Get:\d+|Reading package lists)/.test(seen) && processesWith(mark).length > 3)
  child.kill("SIGINT")
  const { exitCode, stderr } = await child
  expect(exitCode).toBe(130)
  expect(stderr.trim().split("\n").at(-1)).toBe("helios: cancelled")
  await until("its processes are gone", 20, () => processesWith(mark).length === 0, 200)
  expect((await fetch(`http://${REGISTRY}/v2/helios-e2e/manifests/${mark}`)).status).toBe(404)
  expect(await call(["version"])).toMatch(/^\d+\.\d+\.\d+$/)
})
