import { createHash, randomBytes } from "node:crypto"
import { mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { clean, MINUTE, ROOT, room } from "../../support/farm.ts"
import { differences, type Layers, layersOf } from "../../support/layers.ts"

const UMASKS = ["022", "002", "077"]
/** No text: any string that it is read into gives back other bytes. */
const PICTURE = Buffer.concat([Buffer.from("89504e470d0a1a0aff00c328", "hex"), randomBytes(40_000)])
const OWN = "common/overlays/kvdi/usr/share/helios/own.png"
const MINE: Record<string, string | Buffer> = {
  "mine/distro.json": JSON.stringify({ name: "mine", title: "Debian 12 with a picture", extends: "bookworm" }),
  "mine/system.sh": "touch /etc/mine\n",
  "mine/root/usr/share/mine/picture.png": PICTURE,
  "mine/root/etc/mine.conf": "a=1\n",
  "mine/settings/etc/dpkg/dpkg.cfg.d/mine": "path-exclude=/usr/share/games/*\n",
  "mine/archives/etc/apt/apt.conf.d/mine": 'APT::Get::Show-Versions "false";\n',
}

/** A clone of the working tree as git makes it under a umask, with a folder of distros beside it. */
async function clone(umask: string): Promise<string> {
  const folder = room()
  const under = (cwd: string, command: string, env: Record<string, string> = {}) =>
    execa("sh", ["-c", `umask ${umask}; ${command}`], { cwd, env })
  const index = { GIT_INDEX_FILE: join(room(), "index") }
  await under(ROOT, "git read-tree HEAD && git add --all", index)
  await under(ROOT, `git checkout-index --all --prefix=${folder}/farm/`, index)
  const write = (path: string, contents: string | Buffer) => {
    const before = process.umask(Number.parseInt(umask, 8))
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), contents)
    process.umask(before)
  }
  for (const [path, contents] of Object.entries(MINE)) write(join("distros", path), contents)
  write(join("farm", OWN), PICTURE)
  symlinkSync("/opt/nothing/there", join(folder, "distros/mine/root/etc/mine.link"))
  return folder
}

/** The image that it builds, as its tarball has it; no commit is given, so that a label has the digest of the farm's files. */
async function imageOf(clone: string): Promise<Layers> {
  const tarball = join(room(), "image.tar")
  const words = ["call", `--distros=${clone}/distros`, "build", "--distro=mine", "--profile=kvdi", "export", `--path=${tarball}`]
  await execa(join(clone, "farm/dagger/run"), words, { cwd: join(clone, "farm"), timeout: 30 * MINUTE })
  return layersOf(tarball)
}

/** What an image has at a path: its words of mtree's. */
const held = (image: Layers, path: string) => [...image.files].find(([key]) => key.endsWith(` ./${path}`))?.[1] ?? ""

afterAll(clean)

describe.sequential("clones under other umasks", { timeout: 60 * MINUTE }, () => {
  const clones = new Map<string, string>()
  const images = new Map<string, Layers>()
  const image = (umask: string) => images.get(umask) as Layers

  beforeAll(async () => {
    for (const umask of UMASKS) {
      const folder = await clone(umask)
      clones.set(umask, folder)
      images.set(umask, await imageOf(folder))
      console.log(`umask ${umask}:\n${image(umask).digests.join("\n")}`)
    }
  }, 60 * MINUTE)

  test("differ in their files' modes", () => {
    const modes = [...clones.values()].map(
      (folder) => statSync(join(folder, "farm/common/overlays/kvdi/usr/local/bin/kvdi-init")).mode & 0o777,
    )
    expect(modes).toEqual([0o755, 0o775, 0o700])
  })

  test.each(UMASKS.slice(1))("give the same files, layers and configuration: 022 and %s", (umask) => {
    expect(differences(image("022"), image(umask))).toEqual([])
    expect(image(umask).digests).toEqual(image("022").digests)
    expect(image(umask).config).toEqual(image("022").config)
  })

  test("give modes that every user can read", () => {
    expect(held(image("077"), "usr/local/bin/kvdi-init")).toMatch(/mode=755/)
    expect(held(image("077"), "usr/local/bin")).toMatch(/mode=755/)
    for (const path of ["etc/mine.conf", "etc/dpkg/dpkg.cfg.d/mine", "etc/dpkg/dpkg.cfg.d/helios"])
      expect(held(image("077"), path), path).toMatch(/mode=644/)
    expect(held(image("077"), "etc/mine.link")).toMatch(/link=\/opt\/nothing\/there/)
  })

  test("bring a picture byte for byte, from the farm's own overlay and the caller's", () => {
    const hash = createHash("sha256").update(PICTURE).digest("hex")
    for (const path of ["usr/share/helios/own.png", "usr/share/mine/picture.png"]) expect(held(image("022"), path), path).toContain(hash)
  })
})
