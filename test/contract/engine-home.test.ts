import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const MARKER = ".helios-engine"
const NOBODY = 65534
const isRoot = process.getuid?.() === 0
const NO_ROOT = isRoot ? "" : ", skipped: it takes root to give files to others"

const rooms: string[] = []
afterAll(() => rooms.forEach((room) => void rmSync(room, { recursive: true })))

/** A folder with nothing in it, which is its user's alone. */
function place(): string {
  const folder = mkdtempSync(join(tmpdir(), "helios-home-"))
  rooms.push(folder)
  return folder
}

/** A folder of that mode, whatever umask there is; an engine's home if it is marked as one. */
function folder(path: string, mode: number, isMarked = false): string {
  mkdirSync(path)
  if (isMarked) writeFileSync(join(path, MARKER), "")
  chmodSync(path, mode)
  return path
}

/** Checks a home as every command does, or claims it as the first one does: what was said. */
async function said(home: string, command = "check_home", umask = "022"): Promise<string> {
  const script = `umask ${umask}; ENGINE_DIR=${ROOT}/dagger/engine
    for part in common preflight home; do . "$ENGINE_DIR/$part.sh"; done; ${command}`
  const { stderr } = await execa("bash", ["--norc", "-euo", "pipefail", "-c", script], { env: { HELIOS_ENGINE_HOME: home }, reject: false })
  return stderr
}

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)

describe("an engine's home", () => {
  test.each(["022", "000", "077"])("is made for its user alone, with what leads to it, under umask %s", async (umask) => {
    const top = place()
    expect(await said(join(top, "cache/home"), "claim_home", umask)).toBe("")
    expect([modeOf(join(top, "cache")), modeOf(join(top, "cache/home"))]).toEqual(["700", "700"])
    expect(readdirSync(join(top, "cache/home"))).toEqual([MARKER])
  })

  test("may be an empty folder that is there, which is closed then", async () => {
    const home = folder(join(place(), "home"), 0o755)
    mkdirSync(join(home, "lost+found"))
    expect(await said(home, "claim_home")).toBe("")
    expect(modeOf(home)).toBe("700")
  })

  test("is closed where it was made when others might read it", async () => {
    const home = folder(join(place(), "home"), 0o755, true)
    expect(await said(home)).toBe("")
    expect(modeOf(home)).toBe("700")
  })

  test("that isn't one stays as it is", async () => {
    const other = folder(join(place(), "letters"), 0o755)
    writeFileSync(join(other, "letter"), "dear")
    expect(await said(other)).toBe("")
    expect(await said(other, "claim_home")).toMatch(/holds other files and is not an engine's home; set HELIOS_ENGINE_HOME to /)
    expect([modeOf(other), readdirSync(other)]).toEqual(["755", ["letter"]])
  })

  test("may lie where others write, if each has what is theirs alone, and behind a link of its user's", async () => {
    const top = place()
    folder(join(top, "tmp"), 0o1777)
    symlinkSync(join(top, "tmp"), join(top, "link"))
    for (const home of ["tmp/one", "link/two"]) {
      expect(await said(join(top, home), "claim_home"), home).toBe("")
      expect(modeOf(join(top, home))).toBe("700")
    }
  })
})

describe("one line refuses a home", () => {
  test("that is a link", async () => {
    const top = place()
    const home = folder(join(top, "home"), 0o700, true)
    symlinkSync(home, join(top, "link"))
    expect(await said(join(top, "link"))).toBe(
      `helios: the engine's home ${top}/link is a link: set HELIOS_ENGINE_HOME to the folder that it leads to`,
    )
  })

  test.each([
    ["by all", 0o777, "drwxrwxrwx"],
    ["by all, sticky", 0o1777, "drwxrwxrwt"],
  ])("that is written to %s", async (_, mode, shown) => {
    for (const [isMarked, command] of [
      [true, "check_home"],
      [false, "claim_home"],
    ] as const) {
      const home = folder(join(place(), "home"), mode, isMarked)
      expect(await said(home, command)).toMatch(
        RegExp(
          `^helios: others than root may write to the engine's home ${home} \\(${shown} .*\\); remove it, or set HELIOS_ENGINE_HOME to .*$`,
        ),
      )
      expect(modeOf(home)).toBe(mode.toString(8))
    }
  })

  test("below a folder in which all may exchange it", async () => {
    const open = folder(join(place(), "open"), 0o777)
    for (const home of [join(open, "home"), folder(join(open, "old"), 0o700, true), join(open, "not/yet/there")])
      expect(await said(home)).toMatch(
        RegExp(
          `^helios: others than root could exchange the engine's home ${home}: .* \\(drwxrwxrwx \\S+ \\S+ open\\); set HELIOS_ENGINE_HOME .*$`,
        ),
      )
    expect(readdirSync(open)).toEqual(["old"])
  })

  test.skipIf(!isRoot)(`that is another's, lies in another's folder, or behind another's link${NO_ROOT}`, async () => {
    const top = place()
    chmodSync(top, 0o755)
    const home = folder(join(top, "home"), 0o700, true)
    chownSync(home, NOBODY, NOBODY)
    expect(await said(home)).toMatch(
      /^helios: others than root may write to the engine's home .* \(drwx------ nobody \S+\); remove it, .*$/,
    )
    expect(await said(join(home, "below"))).toMatch(/^helios: others than root could exchange .* \(drwx------ nobody \S+ home\); set .*$/)
    folder(join(top, "tmp"), 0o1777)
    symlinkSync(top, join(top, "tmp/link"))
    lchownSync(join(top, "tmp/link"), NOBODY, NOBODY)
    expect(await said(join(top, "tmp/link/new"))).toMatch(/could exchange .* \(lrwxrwxrwx nobody \S+ link -> .*\); set .*$/)
  })

  test.skipIf(!isRoot)(`below a folder that a group writes to, unless it is root's${NO_ROOT}`, async () => {
    const shared = folder(join(place(), "shared"), 0o775)
    expect(await said(join(shared, "home"))).toBe("")
    chownSync(shared, 0, NOBODY)
    expect(await said(join(shared, "home"))).toMatch(/could exchange .* \(drwxrwxr-x root \S+ shared\); set .*$/)
  })
})
