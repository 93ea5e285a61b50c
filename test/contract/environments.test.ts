import { mkdirSync, mkdtempSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"
import { asGiven, type LaidOutProfile, layOut, roomForStartUps } from "../support/laid-out.ts"
import { makeFiles, StartUps, tally, tryEnvironments } from "../support/start-ups.ts"

/** How many for each shell and profile; e2e/slow has a hundred thousand, in the images themselves. */
const RUNS = Number(process.env.HELIOS_ENVIRONMENTS ?? 500)

const { folder, remove } = roomForStartUps()
const laidOut = (name: string, profile: LaidOutProfile, change?: (text: string) => string) => layOut(join(folder, name), profile, change)

async function tryAll(shell: string, script: string, profile: LaidOutProfile, seed?: number) {
  const cwd = mkdtempSync(join(folder, "files-"))
  makeFiles(cwd)
  const startUps = new StartUps([join(ROOT, "test/support/start-ups.bash"), join(cwd, "cwd"), shell, "-p", script], cwd)
  try {
    return await tryEnvironments(startUps, profile, RUNS, { seed, as: asGiven(profile) })
  } finally {
    await startUps.end()
  }
}

beforeAll(() => {
  mkdirSync(join(folder, "bash"))
  symlinkSync("/bin/bash", join(folder, "bash/sh"))
})
afterAll(remove)

describe.each(["helios", "kvdi"] as const)("%s", (profile) => {
  test.each([
    ["dash, as Debian has it", "/bin/dash"],
    ["bash as sh, as the RHEL family and Arch have it", join(folder, "bash/sh")],
  ])(`random environments are accepted or refused in one line, and nothing of them runs: %s`, async (name, shell) => {
    const seen = await tryAll(shell, laidOut(`as-${name.split(/\W/)[0]}-${profile}`, profile), profile)
    console.log(`${profile}, ${name}: ${tally(seen)}`)
    expect(seen.accepted).toBeGreaterThan(RUNS / 10)
    expect(seen.refused).toBeGreaterThan(RUNS / 10)
  })
})

describe("is seen to fail where", () => {
  test.each([
    ["a value is run", "export USER UID GID", 'sh -c "${TITLE-}" >/dev/null 2>&1 || :', /something ran, or was written: canary/],
    ["a value is read as code", "export USER UID GID", `eval "title='\${TITLE-}'"`, /something ran, or was written: canary|Syntax error/],
    ["a value is printed", "require_root() {", 'require_root() { printf "${LANG-}" >&2;', /refused in|accepted, but said/],
    ["a message shows a value as it is", "shown() { ", 'shown() { printf %s "$1"; return;', /refused in more than a line|can't be printed/],
    ["a message shows a password", 'refuse "$1 has a control', 'refuse "$1=$2 has a control', /a password was shown/],
    ["a refusal has another exit code", "  exit 64", "  exit 1", /ended with 1/],
    ["a name is not looked at", "[!a-z_]* | *[!a-z0-9_-]*)", "none)", /accepted: USER=/],
  ])("%s", async (name, from, to, says) => {
    const change = (text: string) => text.replace(from, to)
    const script = laidOut(name.replaceAll(" ", "-"), "helios", change)
    // What one seed's environments don't have, another's do.
    const tryMore = async () => {
      for (const seed of [1, 2, 3]) await tryAll("/bin/dash", script, "helios", seed)
    }
    await expect(tryMore()).rejects.toThrow(says)
  })
})
