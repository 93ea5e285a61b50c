import { mkdirSync, mkdtempSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"
import { asGiven, type LaidOutProfile, layOut, roomForStartUps } from "../support/laid-out.ts"
import { makeFiles, type Outcome, StartUps, tally, tryEnvironments } from "../support/start-ups.ts"

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

describe.each(["helios", "kvdi"] as const)("a container of %s that isn't root's", (profile) => {
  async function startUp(who: string, given: Record<string, string>): Promise<Outcome> {
    const end = 'printf \'%s %s %s %s\' "$UID" "$GID" "$home" "$HOME"\n'
    const script = layOut(mkdtempSync(join(folder, `own-${profile}-`)), profile, undefined, end, who)
    const startUps = new StartUps(
      [join(ROOT, "test/support/start-ups.bash"), mkdtempSync(join(folder, "files-")), "/bin/dash", "-p", script],
      folder,
    )
    const outcome = await startUps.run(asGiven(profile)(Object.entries({ USER: "bob", PASSWORD: "hush-hush", ...given })))
    await startUps.end()
    return outcome
  }

  test.each([[{}], [{ UID: "12345" }], [{ UID: "", GID: "" }], [{ GID: "0" }]])("is of its own user and group, told %j", async (given) => {
    expect((await startUp("12345", given)).said).toMatch(/^12345 0 (\/\S+) \1$/)
  })

  test.each([
    [
      "12345",
      { UID: "1000" },
      "UID='1000': the container runs as 12345, and root alone makes another user: expected UID=12345, or no UID; or no --user",
    ],
    [
      "12345",
      { GID: "1000" },
      "GID='1000': the container runs as 0, and root alone makes another user: expected GID=0, or no GID; or no --user",
    ],
    ["33", {}, "--user=33: expected a number from 1000 to 2147483647 other than 65534; the others belong to the system"],
    ["65534", {}, "--user=65534: expected a number from 1000 to 2147483647 other than 65534; the others belong to the system"],
  ])("%s, told %j, refuses", async (who, given, says) => {
    expect(await startUp(who, given)).toMatchObject({ code: 64, said: `helios: ${says}\n` })
  })
})

describe("is seen to fail where", () => {
  test.each([
    ["a value is run", "export USER UID GID", 'sh -c "${TITLE-}" >/dev/null 2>&1 || :', /something ran, or was written: canary/],
    ["a value is read as code", "export USER UID GID", `eval "title='\${TITLE-}'"`, /something ran, or was written: canary|Syntax error/],
    ["a value is printed", "require_calls() {", 'require_calls() { printf "${LANG-}" >&2;', /refused in|accepted, but said/],
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
