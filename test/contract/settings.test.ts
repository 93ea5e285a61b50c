import { mkdtempSync, readFileSync } from "node:fs"
import { join } from "node:path"
import fc from "fast-check"
import semver from "semver"
import { afterAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { rangesOf, SETTINGS, type Setting, settingsOf } from "../../docs/.vitepress/tables/settings.ts"
import { Profile, RECIPES } from "../../src/core/catalog/profiles.ts"
import { ROOT } from "../support/catalog.ts"
import { FOLDER, PIECES, RIGHT } from "../support/environments.ts"
import { asGiven, layOut, roomForStartUps } from "../support/laid-out.ts"
import { makeFiles, type Outcome, StartUps } from "../support/start-ups.ts"

const { folder, remove } = roomForStartUps()
afterAll(remove)

const read = (path: string) => readFileSync(join(ROOT, "common/overlays", path), "utf8")

/** The shell files that look at the environment, by profile. */
const CHECKS: Record<Profile, string[]> = {
  helios: [
    ...["environment", "locale", "secrets"].map((name) => `all/usr/local/lib/helios/${name}.sh`),
    ...["access", "settings"].map((name) => `helios/usr/local/lib/helios/${name}.sh`),
    "helios/usr/local/bin/helios-init",
  ],
  kvdi: [
    ...["environment", "locale", "secrets"].map((name) => `all/usr/local/lib/helios/${name}.sh`),
    "kvdi/usr/local/lib/helios/display.sh",
    ...["kvdi-init", "kvdi-xvnc"].map((name) => `kvdi/usr/local/bin/${name}`),
  ],
}

/** What those files use and nobody sets: their own words for something, the session's, and what shells and the X server know. */
const OWN = ["DISPLAY", "HELIOS_LOCALE", "HOSTNAME", "VNC_LISTEN", "VNC_PORT", "VNC_SOCKET", "XAUTHORITY", "XDG_RUNTIME_DIR"]

/** The variables that a profile's shell files look at. LC_ALL is kept from their shell, and reaches them as $locale in kvdi alone. */
function lookedAt(profile: Profile, change = (text: string) => text): string[] {
  const text = change(CHECKS[profile].map(read).join("\n")).replaceAll(/^ *#.*$/gm, "")
  const used = [...text.matchAll(/\$\{?([A-Z][A-Z_]+)/g)].map(([, name = ""]) => name)
  const listed = [...text.matchAll(/for secret_name in ([A-Z_ ]+);|^read_secret ([A-Z_]+)$/gm)].flatMap(([, several = "", one = ""]) =>
    [...several.split(" "), one].filter(Boolean),
  )
  const secrets = listed.flatMap((name) => [name, `${name}_FILE`])
  const locale = /require_word LC_ALL/.test(text) ? ["LC_ALL"] : []
  const names = new Set([...used, ...secrets, ...locale])
  return [...names].filter((name) => !OWN.includes(name) && !(name === "LC_ALL" && !locale.length)).sort()
}

const namesOf = (profile: Profile) => [...new Set(settingsOf(profile).map(({ name }) => name))].sort()
const PROFILES = Object.values(Profile)

describe("docs/data/settings.json", () => {
  test.each(PROFILES)("has every variable that a start of %s looks at, and no other", (profile) => {
    expect(namesOf(profile)).toEqual(lookedAt(profile))
  })

  test("would be seen to lack one, or to have one too many", () => {
    const more = (text: string) => `${text}\n[ -z "\${COLOUR-}" ] || require_word COLOUR "$COLOUR" a-z\n`
    const less = (text: string) => text.replace(/^.*\$TITLE.*$|^.*TITLE-Helios.*$/gm, "")
    expect(lookedAt(Profile.Helios, more)).toContain("COLOUR")
    expect(lookedAt(Profile.Helios, less)).not.toContain("TITLE")
  })

  test("has a setting once for each profile, since a version that is not to come", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"))
    for (const profile of PROFILES) expect(settingsOf(profile)).toHaveLength(namesOf(profile).length)
    for (const { name, since } of SETTINGS) expect(semver.lte(since, version), name).toBe(true)
  })

  test("has what is tried at random in start-ups, and nothing else", () => {
    expect([...new Set(SETTINGS.map(({ name }) => name))].sort()).toEqual(Object.keys(RIGHT).sort())
  })

  test("has the values that images come with", () => {
    for (const profile of PROFILES)
      for (const one of settingsOf(profile)) {
        const own = RECIPES[profile].environment[one.name]
        if (own) expect(one.default, one.name).toBe(own)
      }
  })
})

/** What else must be set so that a setting counts. */
const BESIDE: Record<string, Record<string, string>> = {
  AUTH: { HOSTS: "desk.example" },
  HTTPS_PORT: { HTTP_PORT: "1" },
  WEBRTC_ADDRESS: { WEBRTC: "on" },
}
const NEEDED = { USER: "bob", UID: "1000", PASSWORD: "hush-hush" }

/** Settings whose range says less than what the start asks for in addition: it may refuse more. */
const MORE_IS_REFUSED = [
  "HOME",
  "HOSTS",
  "TRUSTED_PROXY",
  "DISPLAY_SOCK_ADDR",
  "USER",
  "PASSWORD_FILE",
  "PROXY_SECRET_FILE",
  "VIEW_PASSWORD_FILE",
]
const isAllowedToRefuse = (name: string, value: string) => MORE_IS_REFUSED.includes(name) || (name === "PREFIX" && value.length > 197)

/** Whether a setting's range has a value, or it is one that is as good as none: empty, and not asked for. One of bytes that are no ASCII is left out, as ranges count letters. */
function inRange(one: Setting, value: string): boolean | undefined {
  if (/[^\0-\x7f]/.test(value)) return undefined
  if (!value) return !one.required && one.name !== "PASSWORD"
  const check = z.fromJSONSchema(one.schema as never)
  if (rangesOf(one)[0].type === "string") return check.safeParse(value).success
  if (!/^-?(0|[1-9]\d*)(\.\d+)?$/.test(value)) return one.name === "IDLE_TIME" ? undefined : false
  return check.safeParse(Number(value)).success && (one.name !== "IDLE_TIME" || value.length < 8)
}

/** Values at the ends of a range and beyond them, and some that mean something to a shell. */
function valuesFor(one: Setting): string[] {
  const { name } = one
  const [{ minLength, maxLength, enum: values = [] }] = rangesOf(one)
  const right = fc.sample(RIGHT[name] as fc.Arbitrary<string>, { numRuns: 8, seed: 1 }).filter((value) => !value.includes(FOLDER))
  const around = (edges: (number | undefined)[]) => edges.flatMap((edge) => (edge === undefined ? [] : [edge - 1, edge, edge + 1]))
  const numbers = around(rangesOf(one).flatMap(({ minimum, maximum }) => [minimum, maximum]))
  const letter = name === "TRUSTED_PROXY" || name === "WEBRTC_ADDRESS" ? "1" : "a"
  const long = (length: number) => (name === "PREFIX" ? `/${letter.repeat(length - 2)}/` : letter.repeat(length))
  return [
    ...right,
    ...numbers.map(String),
    ...around([minLength, maxLength]).map(long),
    ...values,
    ...["", "0", "-1", "1.5", "ON", "no such", "/", "//", "../..", "a\nb", "a".repeat(33), "é"],
    ...PIECES.filter((piece, at) => piece.length < 30 && at % 6 === 0),
  ]
}

async function startUpsOf(profile: Profile, script: string): Promise<StartUps> {
  const cwd = mkdtempSync(join(folder, `files-${profile}-`))
  makeFiles(cwd)
  return new StartUps([join(ROOT, "test/support/start-ups.bash"), join(cwd, "cwd"), "/bin/dash", "-p", script], cwd)
}

/** How often a range and the start-up's checks differ about a value, a line each. */
async function differences(one: Setting, profile: Profile, startUps: StartUps): Promise<string[]> {
  const tcp = profile === Profile.Kvdi && one.name === "PASSWORD" ? { DISPLAY_SOCK_ADDR: "tcp://0.0.0.0:5900" } : {}
  const found: string[] = []
  for (const value of new Set(valuesFor(one))) {
    const expected = inRange(one, value)
    if (expected === undefined) continue
    const given = { ...NEEDED, ...BESIDE[one.name], ...tcp, [one.name]: value }
    if (one.name === "PASSWORD_FILE") Reflect.deleteProperty(given, "PASSWORD")
    const { code, said }: Outcome = await startUps.run(asGiven(profile)(Object.entries(given)))
    if ((code === 0) === expected || (expected && isAllowedToRefuse(one.name, value))) continue
    found.push(
      `${one.name}=${JSON.stringify(value)}: ${expected ? "in its range, but refused" : "not in its range, but accepted"}: ${said}`,
    )
  }
  return found
}

describe.each(PROFILES)("what a start of %s accepts is the range of each setting", (profile) => {
  const script = layOut(join(folder, `as-is-${profile}`), profile)

  test.each(settingsOf(profile).map((one) => [one.name, one] as const))("%s", async (_, one) => {
    const startUps = await startUpsOf(profile, script)
    try {
      expect(await differences(one, profile, startUps)).toEqual([])
    } finally {
      await startUps.end()
    }
  })
})

test.each([
  [
    "a start takes less",
    "HOOK_TIMEOUT",
    'require_number HOOK_TIMEOUT "$HOOK_TIMEOUT" 1 3600',
    'require_number HOOK_TIMEOUT "$HOOK_TIMEOUT" 1 600',
  ],
  ["a start takes more", "CLIPBOARD", "both off in out", "both off in out ON"],
])("it is seen where %s", async (name, setting, from, to) => {
  const script = layOut(join(folder, name.replaceAll(" ", "-")), "helios", (text) => text.replace(from, to))
  const startUps = await startUpsOf(Profile.Helios, script)
  const [one] = settingsOf(Profile.Helios).filter((each) => each.name === setting)
  expect(await differences(one as Setting, Profile.Helios, startUps)).not.toEqual([])
  await startUps.end()
})

test.each(PROFILES)("what isn't set has the default that is told, in %s", async (profile) => {
  const told = settingsOf(profile).filter(({ name, default: value }) => value !== null && !RECIPES[profile].environment[name])
  const set = told.filter(({ name }) => name !== "GEOMETRY")
  const end = `for name in ${set.map(({ name }) => name).join(" ")}; do eval "printf '%s=%s;' \\$name \\"\\\${$name-}\\""; done\n`
  const startUps = await startUpsOf(profile, layOut(join(folder, `defaults-${profile}`), profile, undefined, end))
  const { said } = await startUps.run(asGiven(profile)(Object.entries(NEEDED)))
  await startUps.end()
  expect(said).toBe(set.map(({ name, default: value }) => `${name}=${value};`).join(""))
  const text = CHECKS[profile].map(read).join("\n")
  for (const { name, default: value } of told.filter((one) => !set.includes(one)))
    expect(text.split(`\${${name}:-${value}}`)).toHaveLength(3)
})
