import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const DAY = 86400
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stand-ins-"))
  mkdirSync(join(folder, "bases"))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What the archive has of a suite: an index that may be taken for so many seconds from now, or for ever. */
function publish(suite: string, lasts?: number): void {
  const until = new Date(Date.now() + (lasts ?? 0) * 1000).toUTCString().replace("GMT", "UTC")
  writeFileSync(join(folder, suite), lasts === undefined ? "Suite: it\n" : `Suite: it\nValid-Until: ${until}\n`)
}

/** Runs functions of bases.sh on that archive. */
function run(script: string) {
  const stubs = `in_release() { cp "${folder}/$2" "$TMP/InRelease" 2>/dev/null; }; archive() { echo "http://archive/$1"; }`
  const text = `set -euo pipefail; . '${ROOT}/dagger/engine/bases.sh'; ${stubs}; ${script}`
  const env = { PATH: process.env.PATH, TMP: folder, BASES: join(folder, "bases") }
  const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-c", text], { env, encoding: "utf8" })
  return { status, stdout, stderr }
}
const now = () => Math.floor(Date.now() / 1000)

describe("what of an archive has expired", () => {
  const said = () => {
    const [ask, expired] = run("now_valid trixie").stdout.trim().split(" ")
    return { days: Math.round((Number(ask) - now()) / DAY), expired }
  }

  test("nothing, where nothing says until when it holds", () => {
    publish("trixie")
    expect(said()).toMatchObject({ expired: "-", days: expect.any(Number) })
    expect(said().days).toBeGreaterThan(10_000)
  })

  test("nothing yet: it is asked again when the first one ends", () => {
    publish("trixie")
    publish("trixie-updates", 5 * DAY)
    publish("trixie-security", 4 * DAY)
    expect(said()).toEqual({ days: 4, expired: "-" })
  })

  test("those that are past their day: asked again a day later, as the archive may be renewed", () => {
    publish("trixie")
    publish("trixie-updates", 5 * DAY)
    publish("trixie-security", -60)
    expect(said()).toEqual({ days: 1, expired: "trixie-security" })
    publish("trixie-updates", -60)
    expect(said()).toEqual({ days: 1, expired: "trixie-updates,trixie-security" })
  })
})

test("a base's sources are those of the official image, and say of what has expired alone that its age isn't asked", () => {
  const lines = ["http://a/debian trixie", "http://a/debian trixie-updates", "http://a/debian-security trixie-security"].join("\\n")
  const sources = (expired: string) => run(`printf '${lines}\\n' | debian_sources ${expired}`).stdout
  const stanza = (path: string, suites: string) =>
    `Types: deb\nURIs: http://a/${path}\nSuites: ${suites}\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n`
  const [main, security] = [stanza("debian", "trixie trixie-updates"), stanza("debian-security", "trixie-security")]
  expect(sources("-")).toBe(`${main}\n${security}`)
  expect(sources("trixie-security")).toBe(`${main}\n${security}Check-Valid-Until: no\n`)
  expect(sources("trixie-updates,trixie-security")).toBe(`${main}Check-Valid-Until: no\n\n${security}Check-Valid-Until: no\n`)
})

describe("a base that was made", () => {
  const file = () => join(folder, "bases/sid.amd64")
  const made = (ask: number, expired: string) => writeFileSync(file(), `sha256:0 key amd64 ${ask} ${expired}\n`)
  const isMissing = (key = "key") => {
    const { status, stdout, stderr } = run(`base_key() { echo ${key}; }; missing_bases <<<'sid amd64'`)
    expect([status, stderr]).toEqual([0, ""])
    return stdout === "sid amd64\n"
  }
  const record = () => readFileSync(file(), "utf8").trim().split(" ")

  test("stays until its archive has to be asked", () => {
    made(now() + 60, "-")
    expect([isMissing(), isMissing("another")]).toEqual([false, true])
  })

  test("stays while the archive is renewed, and notes until when", () => {
    publish("sid", 7 * DAY)
    made(now() - 60, "-")
    expect(isMissing()).toBe(false)
    expect(Math.round((Number(record()[3]) - now()) / DAY)).toBe(7)
    expect(record().slice(0, 3)).toEqual(["sha256:0", "key", "amd64"])
  })

  test("is made anew once what it takes has expired, and again once it is renewed", () => {
    publish("sid", -60)
    made(now() - 60, "-")
    expect(isMissing()).toBe(true)
    publish("sid", 7 * DAY)
    made(now() - 60, "sid")
    expect(isMissing()).toBe(true)
  })

  test("stays where the archive can't be asked, which is tried again an hour later", () => {
    made(now() - 60, "sid")
    expect(isMissing()).toBe(false)
    expect(Number(record()[3]) - now()).toBeGreaterThan(3000)
    expect(record()[4]).toBe("sid")
  })

  test("by an earlier version, which noted none of it, is made anew", () => {
    writeFileSync(file(), "sha256:0 old amd64\n")
    expect(isMissing()).toBe(true)
  })
})
