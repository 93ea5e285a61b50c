import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import type { Results } from "../../../src/core/smoke/results.ts"
import { call, clean, failures, farm, MINUTE, MIRROR, NO_MIRROR, refusedLine, reportFolder, room, smokeCall } from "../../support/farm.ts"

const distros = room()

/** A distro of one's own that speaks them: its name. */
function speaker(name: string, languages: string[]): string {
  mkdirSync(join(distros, name))
  const profiles = { helios: { inits: ["s6"], budget: 1300 }, kvdi: { inits: ["supervisord"], budget: 1200 } }
  writeFileSync(join(distros, name, "distro.json"), JSON.stringify({ name, extends: "bookworm", languages, profiles }))
  return name
}

const before = [`--distros=${distros}`]

afterAll(clean)

describe("a distro with languages", () => {
  const polyglot = speaker("polyglot", ["de", "ja", "ko", "zh", "zh-TW", "ar"])

  test.each(["kvdi", ...(MIRROR ? ["helios"] : [])])(
    `has what each takes, on %s${MIRROR ? "" : ` (helios: ${NO_MIRROR})`}`,
    async (profile) => {
      const asked = { profile, only: ["languages", "labels", "minimal"], before }
      const report = join(reportFolder(), `languages-${profile}`)
      await call([...smokeCall(polyglot, asked), "files", `--output=${report}`], 50)
      const results = JSON.parse(readFileSync(join(report, "smoke.json"), "utf8")) as Results
      expect(failures(results)).toEqual([])
      expect(results.outcomes.map(({ status }) => status)).toEqual(["passed", "passed", "passed"])
      // For people to look at.
      const pictures = readdirSync(join(report, "logs/languages")).filter((name) => name.startsWith("language-"))
      expect(pictures.sort()).toEqual(["ar_EG", "de_DE", "ja_JP", "ko_KR", "zh_CN", "zh_TW"].map((name) => `language-${name}.png`))
    },
    50 * MINUTE,
  )

  test(
    "has no file that nothing explains, and no translation of another language",
    async () => {
      const files = await call([...before, "image", `--distro=${polyglot}`, "--profile=kvdi", "files"], 15)
      const spoken = new Set([...files.matchAll(/\/usr\/share\/locale\/([^/\s]+)\//g)].map(([, name]) => name))
      expect([...spoken].sort()).toEqual(expect.arrayContaining(["ar", "de", "ja", "ko", "zh_CN", "zh_TW"]))
      expect([...spoken].filter((name) => !/^(ar|de|ja|ko|zh)([_@]|$)/.test(String(name)))).toEqual([])
    },
    15 * MINUTE,
  )

  test(
    "with a territory that the C library lacks is refused in one line",
    async () => {
      const result = await farm(["call", ...before, "build", `--distro=${speaker("stranger", ["de-US"])}`, "--profile=kvdi", "sync"], 10)
      expect(refusedLine(result)).toMatch(
        /stranger: the packages of stranger could not be installed: .*the C library has no locale de_US: take the language with another territory/,
      )
    },
    15 * MINUTE,
  )
})
