import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { call, clean, farm, MINUTE, MIRROR, NO_MIRROR, room } from "../../support/farm.ts"
import { database, FIXED, trustTools, UNFIXED } from "../../support/releases/trust.ts"

let tools: { options: string[] }

beforeAll(async () => {
  tools = await trustTools()
}, 40 * MINUTE)
afterAll(clean)

const refused = async (args: string[]) => {
  const { stderr, exitCode } = await farm(["call", ...args], 40)
  expect(exitCode, stderr).toBe(1)
  return stderr
}

describe("the scan's gate", { timeout: 40 * MINUTE }, () => {
  const scan = (profile: string, db: string, more: string[] = []) => {
    const mirror = profile === "helios" ? [`--mirror=${MIRROR}`] : []
    const scanners = tools.options.filter((option) => !option.startsWith("--cosign"))
    return [...mirror, "image", "--distro=bookworm", `--profile=${profile}`, "scan", ...scanners, `--database=${db}`, ...more]
  }
  const listed = (until: string) => {
    const file = join(room(), "exceptions.json")
    writeFileSync(file, JSON.stringify([{ id: FIXED.ID, package: FIXED.Package, reason: "a test", owner: "the tests", until }]))
    return `--exceptions=${file}`
  }

  test("a high one that has no fix lets it pass, and is counted", async () => {
    expect(await call(scan("kvdi", await database([UNFIXED])))).toBe("1 high; 0 patched, 0 not affected, 0 excepted, 0 blocking a release")
  })

  test("a high one that has a fix doesn't", async () => {
    const said = await refused(scan("kvdi", await database([UNFIXED, FIXED])))
    expect(said).toMatch(
      /helios-kvdi bookworm: 1 vulnerability that blocks a release\s+high CVE-2099-0002 of libc6 \S+: fixed in 99\s+take the fix, or except it/,
    )
  })

  test("an exception lets it pass until its day", async () => {
    const db = await database([FIXED])
    expect(await call(scan("kvdi", db, [listed("2999-01-01")]))).toMatch(
      /^excepted CVE-2099-0002 of libc6 until 2999-01-01: a test \(the tests\)\n1 high; 0 patched, 0 not affected, 1 excepted, 0 blocking a release/,
    )
    expect(await refused(scan("kvdi", db, [listed("2026-01-01")]))).toMatch(/fixed in 99; its exception ended on 2026-01-01 \(the tests\)/)
  })

  const helios = MIRROR ? test : test.skip
  helios(
    `a component's blocks whatever its severity, and one that a patch fixes or an answer explains does not${MIRROR ? "" : ` (${NO_MIRROR})`}`,
    async () => {
      const patched = {
        ID: "CVE-2022-3550",
        Severity: "high",
        Vendor: "x.org",
        Product: "x_server",
        Constraint: "< 21.1.5",
        Fixed: "21.1.5",
      }
      const skipped = { ID: "CVE-2024-0409", Severity: "high", Vendor: "x.org", Product: "xorg-server", Constraint: "< 21.1.11" }
      const open = { ID: "CVE-2099-0003", Severity: "low", Vendor: "libjpeg-turbo", Product: "libjpeg-turbo", Constraint: "< 99" }
      expect(await call(scan("helios", await database([patched, skipped])), 40)).toBe(
        "nothing found; 1 patched, 1 not affected, 0 excepted, 0 blocking a release",
      )
      expect(await refused(scan("helios", await database([patched, open])))).toMatch(
        /1 vulnerability that blocks a release\s+low CVE-2099-0003 of libjpeg-turbo \S+: built from source, and nothing answers it\s+take the fix, .*answers\.json/,
      )
    },
  )
})
