import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { Directory } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { isText, overlayMode } from "../../src/core/catalog/overlays.ts"
import { farmFiles, openFarm } from "../../src/verbs/farm.ts"
import { filesBelow } from "../../src/verbs/folder.ts"

/** What a folder was told to hold, in place of Dagger's. */
class Recorded {
  readonly held: Record<string, string> = {}
  private with(path: string, what: string) {
    this.held[path] = what
    return this
  }
  withNewFile = (path: string, text: string, { permissions }: { permissions: number }) =>
    this.with(path, `${permissions.toString(8)} text ${text}`)
  withFile = (path: string, file: string, { permissions }: { permissions: number }) =>
    this.with(path, `${permissions.toString(8)} bytes of ${file}`)
  withNewDirectory = (path: string, { permissions }: { permissions: number }) => this.with(path, `${permissions.toString(8)} folder`)
  withSymlink = (target: string, path: string) => this.with(path, `link to ${target}`)
  withTimestamps = () => this
}

vi.mock("@dagger.io/dagger", () => ({
  dag: {
    directory: () => new Recorded(),
    currentModule: () => ({ source: () => ({ file: (path: string) => `the farm's ${path}` }) }),
  },
}))

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff, 0x00])
const folder = mkdtempSync(join(tmpdir(), "helios-unit-"))

afterAll(() => rmSync(folder, { recursive: true }))

function write(path: string, contents: string | Buffer, mode = 0o644): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), contents)
  chmodSync(join(folder, path), mode)
}

const guest = () =>
  ({
    export: async (to: string) => cpSync(folder, to, { recursive: true, verbatimSymlinks: true }),
    file: (path: string) => `the caller's ${path}`,
  }) as unknown as Directory

const heldIn = async (path: string) => ((await openFarm({ extra: guest() })).folder(path) as unknown as Recorded).held

describe("modes", () => {
  test.each([
    [0o644, 0o644],
    [0o664, 0o644],
    [0o600, 0o644],
    [0o400, 0o644],
    [0o755, 0o755],
    [0o775, 0o755],
    [0o700, 0o755],
    [0o100744, 0o755],
    [0o104755, 0o755],
  ])("%o becomes %o", (mode, expected) => expect(overlayMode(mode)).toBe(expected))
})

describe("text is what a string gives back as it was", () => {
  test.each([
    ["", true],
    ["plain\n", true],
    ["\ufeffnaïve ✓ \u{1f5a5}\r\n", true],
    [PNG, false],
    [Buffer.from([0x6e, 0x61, 0xef, 0x76, 0x65]), false],
    [Buffer.from([0xed, 0xa0, 0x80]), false],
    ["a\0b", false],
  ])("%j: %s", (contents, expected) => {
    const bytes = Buffer.from(contents as string)
    expect(isText(bytes)).toBe(expected)
    if (expected) expect(Buffer.from(bytes.toString())).toEqual(bytes)
  })
})

describe("a caller's distros", () => {
  beforeAll(() => {
    write("jammy-lab/distro.json", JSON.stringify({ name: "jammy-lab", title: "Ours", extends: "jammy" }))
    write("jammy-lab/root/etc/motd", "welcome\n", 0o600)
    write("jammy-lab/root/usr/local/bin/hello", "#!/bin/sh\n", 0o775)
    write("jammy-lab/root/usr/share/picture.png", PNG, 0o664)
    mkdirSync(join(folder, "jammy-lab/root/srv/data"), { recursive: true })
    symlinkSync("/", join(folder, "jammy-lab/root/everything"))
    symlinkSync("nowhere", join(folder, "jammy-lab/root/dangling"))
  })

  test("arrive as git keeps them: bytes, links, empty folders, whether a file is executable", async () => {
    expect(await heldIn("distros/jammy-lab/root")).toEqual({
      "etc/motd": "644 text welcome\n",
      "usr/local/bin/hello": "755 text #!/bin/sh\n",
      "usr/share/picture.png": "644 bytes of the caller's jammy-lab/root/usr/share/picture.png",
      "srv/data": "755 folder",
      everything: "link to /",
      dangling: "link to nowhere",
    })
  })

  test("leave one alone whose name theirs begins with", async () => {
    const held = await heldIn("distros/jammy")
    expect(Object.keys(held)).toEqual(farmFiles("distros/jammy"))
    expect(held["system.sh"]).toMatch(/^644 text /)
  })

  test("may not have the farm's own names", async () => {
    write("jammy/distro.json", "{}")
    await expect(openFarm({ extra: guest() })).rejects.toThrow("--distros: distros/jammy is the farm's own; give yours another name")
    rmSync(join(folder, "jammy"), { recursive: true })
  })
})

test("a folder is listed without what its links lead to", () => {
  expect(filesBelow(join(folder, "jammy-lab/root")).sort()).toEqual([
    "dangling",
    "etc/motd",
    "everything",
    "usr/local/bin/hello",
    "usr/share/picture.png",
  ])
})
