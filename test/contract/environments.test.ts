import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"
import type { Environment } from "../support/environments.ts"
import { checksOf, makeFiles, StartUps, tally, tryEnvironments } from "../support/start-ups.ts"

/** How many for each shell and profile; e2e/slow has a hundred thousand, in the images themselves. */
const RUNS = Number(process.env.HELIOS_ENVIRONMENTS ?? 500)
const PROFILES = {
  helios: { layers: ["all", "helios"], init: "lib/helios/bin/init" },
  kvdi: { layers: ["all", "kvdi", "kvdi-supervisord"], init: "bin/kvdi-init" },
} as const
type Profile = keyof typeof PROFILES

const folder = mkdtempSync(join(tmpdir(), "helios-start-ups-"))

/** Lays a profile's shell files out in a folder, changed as a test wants: its checks alone, on a machine with no user but root. */
function layOut(name: string, profile: Profile, change = (text: string) => text): string {
  const { layers, init } = PROFILES[profile]
  const local = join(folder, name)
  for (const layer of layers) cpSync(join(ROOT, "common/overlays", layer, "usr/local"), local, { recursive: true })
  const shell = readdirSync(join(local, "lib/helios")).filter((file) => file.endsWith(".sh"))
  for (const file of [init, ...shell.map((one) => `lib/helios/${one}`)]) {
    const path = join(local, file)
    writeFileSync(path, change(readFileSync(path, "utf8").replaceAll("/usr/local/", `${local}/`)))
  }
  const checks = checksOf(readFileSync(join(local, init), "utf8"))
  writeFileSync(join(local, "try"), checks.replace("set -eu\n", "$&id() { echo 0; }\ngetent() { :; }\n"))
  return join(local, "try")
}

const read = (path: string) => readFileSync(join(ROOT, "common/overlays", path), "utf8")
const [first = ""] = read("kvdi/usr/local/bin/kvdi-init").split("\n")
const names = (text: string, each: RegExp) => [...text.matchAll(each)].map(([, name = ""]) => name)

/** What helios-init, which no machine without s6 runs, and the first line of kvdi-init keep from the shell, beside LC_ALL. */
const KEPT: Record<Profile, string[]> = {
  helios: names(read("helios/usr/local/bin/helios-init"), /unexport (\w+)/g),
  kvdi: names(first, /-u (\w+)/g),
}

const asGiven =
  (profile: Profile) =>
  (environment: Environment): Environment => [
    ...environment.filter(([name]) => ![...KEPT[profile], "LC_ALL", "HELIOS_LOCALE"].includes(name)),
    ["HELIOS_LOCALE", environment.find(([name]) => name === "LC_ALL")?.[1] ?? ""],
    ["LC_ALL", "C"],
  ]

async function tryAll(shell: string, script: string, profile: Profile, seed?: number) {
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
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(["helios", "kvdi"] as const)("%s", (profile) => {
  test.each([
    ["dash, as Debian has it", "/bin/dash"],
    ["bash as sh, as the RHEL family and Arch have it", join(folder, "bash/sh")],
  ])(`random environments are accepted or refused in one line, and nothing of them runs: %s`, async (name, shell) => {
    const seen = await tryAll(shell, layOut(`as-${name.split(/\W/)[0]}-${profile}`, profile), profile)
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
    const script = layOut(name.replaceAll(" ", "-"), "helios", change)
    await expect(tryAll("/bin/dash", script, "helios", 1)).rejects.toThrow(says)
  })
})
