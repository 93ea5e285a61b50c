import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { type Directory, dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { plan } from "../../../src/core/plan/plan.ts"
import { stageFiles } from "../../../src/verbs/build/stage.ts"
import { openFarm } from "../../../src/verbs/farm.ts"
import { call, clean, farm, room, thrownLine } from "../../support/farm.ts"
import { inSession, stopServers } from "../../support/upstreams/mirror.ts"
import {
  type Answer,
  type Mirror,
  packed,
  publishedBase,
  RUN,
  STAND_INS,
  serveMirror,
  writeDistro,
} from "../../support/upstreams/pacman.ts"

const out = room()
const distros = room()
const path = (...parts: string[]) => join(out, ...parts)
let base: string
let mirror: Mirror
let master: string

beforeAll(async () => {
  await inSession()
  const repository = await packed().sync()
  await repository.export(out)
  base = await publishedBase(repository)
  mirror = await serveMirror(out)
  master = readFileSync(path("master"), "utf8").trim()
})
afterAll(stopServers)
afterAll(() => mirror?.close())
afterAll(clean)

/** A distro of its own, whose cache of packages no other distro shares: its name. */
function distro(name: string, { trusted = master, ...more }: { trusted?: string; packages?: object } = {}): string {
  const whole = `${name}-${RUN}`
  writeDistro(distros, whole, base, mirror.address, trusted, more)
  return whole
}

/** What a stage of a distro's plan yields. */
async function stage(name: string, of: string): Promise<Directory> {
  const all = await openFarm({ extra: dag.host().directory(distros, { noCache: true }) })
  return (await stageFiles(all, plan(all.catalog, all, { distro: of, platform: "linux/amd64" }), name)).sync()
}

/** Why a distro's packages can't be installed, in one line. */
const refusal = (of: string) => thrownLine(stage("packages", of))

const versionOf = async (files: Directory, name: string) =>
  (await files.entries({ path: "var/lib/pacman/local" })).find((entry) => entry.replace(/-[^-]+-[^-]+$/, "") === name)

describe("the packages of a distro of Arch's family", () => {
  let name: string
  let installed: Directory
  beforeAll(async () => {
    name = distro("whole")
    installed = await stage("packages", name)
  })

  test("are those of its plan, what they depend on, and every newer one of what the base has", async () => {
    const listed = (await call([`--distros=${distros}`, "image", `--distro=${name}`, "packages"], 15)).split("\n")
    const names = listed.map((line) => line.split(" ")[0]).sort()
    expect(names).toEqual(["archlinux-keyring", "helios-wallpaper", ...Object.keys(STAND_INS)].sort())
    expect(listed).toEqual(expect.arrayContaining(["archlinux-keyring 2-1", "helios-wallpaper 2-1"]))
    const image = [`--distros=${distros}`, "image", `--distro=${name}`, "container"]
    const kept = (await call([...image, "file", "--path=/usr/share/doc/helios/packages.tsv", "contents"], 15)).split("\n")
    expect(kept.map((line) => line.replace("\t", " ").replace(/\t[0-9a-f]{64}$/, ""))).toEqual(listed.sort())
  })

  test("are whole, their scriptlets run, and their programs are Debian's", async () => {
    expect(await installed.file("etc/group").contents()).toMatch(/^dbus-of-a-scriptlet:/m)
    expect(await installed.file("usr/share/backgrounds/rehearsal.svg").contents()).toContain("<svg")
    const programs = ["Xtigervnc", "dbus-daemon", "pactl", "pulseaudio", "thunar", "xauth", "xfwm4"]
    expect(await installed.entries({ path: "usr/bin" })).toEqual(expect.arrayContaining(programs))
  })

  test.each([
    ["libpulse", /^usr\/(include\/.+|.+\.(cmake|pc|h)|share\/(doc|man|vala)\/.+)$/, 40],
    ["thunar", /^usr\/share\/(doc|man|locale)\/.+$/, 4],
  ])(
    "leave out what %s has of documentation, translations and what compiles: none of it is ever extracted",
    async (name, unwanted, least) => {
      const files = await installed.file(`var/lib/pacman/local/${await versionOf(installed, name)}/files`).contents()
      const packed = files.split("\n").filter((file) => unwanted.test(file) && !file.endsWith("/"))
      expect(packed.length).toBeGreaterThanOrEqual(least)
      const there = new Set(await installed.glob("usr/**/*"))
      expect(there).toContain(name === "thunar" ? "usr/bin/thunar" : "usr/bin/pactl")
      expect(packed.filter((file) => there.has(file))).toEqual([])
    },
  )

  test("leave nothing of pacman's own making in an image: no key, no index, no download", async () => {
    const image = await stage("rootfs", name)
    for (const folder of ["private-keys-v1.d", "openpgp-revocs.d"])
      expect(await image.entries({ path: `etc/pacman.d/gnupg/${folder}` })).toEqual([])
    const files = [
      "etc/pacman.d/gnupg/S.*",
      "etc/pacman.d/gnupg/secring.gpg",
      "etc/pacman.d/gnupg/pubring.gpg~",
      "var/cache/pacman/pkg/*",
      "var/lib/pacman/sync/*",
      "var/log/*",
      "etc/machine-id",
    ]
    const folders = ["include", "share/doc", "share/info", "share/locale", "share/man"].map((folder) => `usr/${folder}/*`)
    for (const pattern of [...files, ...folders, "usr/local/lib/helios/pacman"]) expect(await image.glob(pattern), pattern).toEqual([])
    expect(await image.entries({ path: "etc/pacman.d/gnupg" })).toContain("pubring.gpg")
  })
})

const half = (body: Buffer) => body.subarray(0, body.length >> 1)
const changed = (body: Buffer) => Buffer.from(body).fill(body[body.length >> 1] ? 0 : 1, body.length >> 1, (body.length >> 1) + 1)
const stranger = (file: string) => ({ body: readFileSync(path("stranger", file.split("/").at(-1) as string)) })

/** Spoils what a mirror gives for the files that a pattern finds. */
const spoil = (pattern: RegExp, answer: (file: string, body: Buffer) => Answer | null) => {
  mirror.spoil = (file, body) => (pattern.test(file) ? answer(file, body) : undefined)
}

const PACKAGE = /\/dbus-[^/]+\.zst$/
const SIGNATURE = /\/dbus-[^/]+\.sig$/

describe("what a mirror spoils is one line, and the same call works once it is mended", () => {
  test.each<[what: string, pattern: RegExp, answer: (file: string, body: Buffer) => Answer | null, says: RegExp]>([
    [
      "half-a-package",
      PACKAGE,
      (_, body) => ({ body: half(body), length: body.length }),
      /failed retrieving file 'dbus-\S+\.zst' from \S+ : .*missing/,
    ],
    ["a-changed-package", PACKAGE, (_, body) => ({ body: changed(body) }), /dbus-\S+\.zst: invalid or corrupted package \(checksum\)/],
    ["no-package", PACKAGE, () => null, /failed retrieving file 'dbus-\S+\.zst' from \S+ : .* 404/],
    ["no-signature", SIGNATURE, () => null, /failed retrieving file 'dbus-\S+\.zst\.sig' from \S+ : .* 404/],
    ["a-strangers-signature", SIGNATURE, stranger, /key "[0-9A-F]{16}" .*; required key missing from keyring/],
    ["a-strangers-keyring", /\/archlinux-keyring-[^/]+\.sig$/, stranger, /key "[0-9A-F]{16}" .*; required key missing from keyring/],
    ["a-strangers-index", /\/extra\.db\.sig$/, stranger, /extra: key "[0-9A-F]{40}" is unknown/],
    [
      "half-an-index",
      /\/extra\.db$/,
      (_, body) => ({ body: half(body), length: body.length }),
      /failed retrieving file 'extra\.db' from \S+ : .*missing/,
    ],
  ])("%s", async (what, pattern, answer, says) => {
    const name = distro(what)
    spoil(pattern, answer)
    const line = await refusal(name)
    mirror.spoil = undefined
    expect(line).toMatch(says)
    expect(line.startsWith(`${name}: the packages of ${name} could not be installed: `)).toBe(true)
    expect(await versionOf(await stage("packages", name), "dbus")).toMatch(/^dbus-/)
  })
})

describe("what a distro asks for and can't have is one line", () => {
  test("a package that is in no repository", async () => {
    const packages = { desktop: { add: ["no-such-package"] } }
    expect(await refusal(distro("gone", { packages }))).toMatch(/could not be installed: target not found: no-such-package$/)
    expect(await versionOf(await stage("packages", distro("gone")), "dbus")).toMatch(/^dbus-/)
  })

  test("a keyring without the key that is pinned", async () => {
    const other = readFileSync(path("stranger/fingerprint"), "utf8").trim()
    expect(await refusal(distro("pinned", { trusted: other }))).toMatch(
      RegExp(`could not be installed: .*${other} could not be locally signed`),
    )
    expect(await versionOf(await stage("packages", distro("pinned")), "dbus")).toMatch(/^dbus-/)
  })

  test("the command line says it and ends with 1", async () => {
    const name = distro("said", { packages: { desktop: { add: ["no-such-package"] } } })
    const { exitCode, stderr } = await farm(["call", `--distros=${distros}`, "build", `--distro=${name}`, "sync"])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(
      RegExp(`^Error: ${name}: the packages of ${name} could not be installed: target not found: no-such-package`, "m"),
    )
  })
})

test("every package that is served is one that stands for another, or a farm's own", () => {
  const names = readdirSync(path("extra")).flatMap((file) => file.match(/^(.+)-[^-]+-1-x86_64\.pkg\.tar\.zst$/)?.[1] ?? [])
  expect(names.sort()).toEqual(["archlinux-keyring", "helios-wallpaper", ...Object.keys(STAND_INS)].sort())
})
