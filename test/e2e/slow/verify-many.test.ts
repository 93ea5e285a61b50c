import { readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, expect, test } from "vitest"
import { built } from "../../support/engine/engine.ts"
import { call, clean, MINUTE } from "../../support/farm.ts"
import { byPublicKey, makeTrust, mine, release, type Trust } from "../../support/releases/released.ts"

const NAMES = ["one", "two", "three", "four", "five", "six"]
const distro = (name: string) => JSON.stringify({ name, title: `Debian 12, ${name}`, extends: "bookworm", platforms: ["linux/amd64"] })

let trust: Trust
const distros = mine(Object.fromEntries(NAMES.map((name) => [`../${name}/distro.json`, distro(name)])))
const asked = { distros, which: [`--distro=${NAMES}`, "--profile=kvdi", "--init=supervisord"] }

beforeAll(async () => {
  trust = await makeTrust()
  expect(await call(await release(asked), 100)).toMatch(/\n6 published, 0 unchanged, 0 failed$/)
}, 150 * MINUTE)
afterAll(clean)

/** How many processes of the engine's containers speak with a registry: those of skopeo and cosign. */
function commands(): number {
  return readdirSync("/proc").filter((pid) => {
    try {
      const [program = ""] = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0") : []
      return ["skopeo", "cosign"].includes(basename(program))
    } catch {
      return false
    }
  }).length
}

/** Megabytes of what the engine keeps. */
async function kept(): Promise<number> {
  const { stdout } = await execa("du", ["--summarize", "--block-size=MB", join(built, "state")], { reject: false })
  return Number.parseInt(stdout, 10)
}

test("six indexes are verified by at most eight commands at once, and leave at most 500 MB on the engine's disk", async () => {
  const before = await kept()
  let [most, largest] = [0, before]
  const watch = setInterval(() => {
    most = Math.max(most, commands())
  }, 50)
  const measure = setInterval(async () => {
    largest = Math.max(largest, await kept())
  }, 5000)
  try {
    expect(await call(await release({ ...asked, signed: byPublicKey(trust) }, ["verify"]), 30)).toMatch(/\n6 verified, 0 failed$/)
  } finally {
    clearInterval(watch)
    clearInterval(measure)
  }
  expect(most).toBeGreaterThan(1)
  expect(most).toBeLessThanOrEqual(8)
  expect(Math.max(largest, await kept()) - before).toBeLessThanOrEqual(500)
})
