import { mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { BASES, call, clean, MINUTE, need, ROOT, room } from "../../support/farm.ts"

const SLIM = join(ROOT, "test/fixtures/slim")

/** Why a file of a stand-in may differ from the official image's. */
const EXPLAINED: [RegExp, string][] = [
  [/^etc\/(hostname|resolv\.conf)$/, "of the machine that made the image; a container gets its own"],
  [/^var\/cache\/debconf\/.*-old$|^var\/lib\/dpkg\/(diversions|status)-old$/, "a copy from before the last change"],
  [/^var\/cache\/debconf\/tmp\.ci$/, "a folder that debconf left empty after an upgrade"],
  [/^var\/lib\/apt\/extended_states$/, "the same packages, every one installed automatically, in another order"],
  [/^var\/lib\/dpkg\/status$/, "the same packages and versions; a package's priority from itself, not from the archive's index"],
  [/^var\/lib\/dpkg\/(available|cmethopt)$/, "left by debootstrap, of dselect"],
  [/^var\/log\/apt\/eipp\.log\.xz$/, "apt's log of what it installed in what order"],
]

/** What lies in a root file system: type, mode, owner, and a link's target or a file's hash, by path. */
async function filesOf(root: string): Promise<Map<string, string>> {
  const find = async (...what: string[]) => (await execa("find", [".", ...what], { cwd: root })).stdout.split("\n")
  const files = new Map((await find("-printf", "%P\t%y %m %U:%G %l\n")).map((line) => line.split("\t") as [string, string]))
  for (const line of await find("-type", "f", "-exec", "sha256sum", "{}", "+"))
    files.set(line.slice(68), `${files.get(line.slice(68))}${line.slice(0, 64)}`)
  return files
}

/** The paths that two root file systems don't have in common, or not alike, sorted. */
function differing(one: Map<string, string>, other: Map<string, string>): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((path) => one.get(path) !== other.get(path)).sort()
}

/** Its packages, each with version and architecture. */
const packagesOf = (root: string) =>
  readFileSync(join(root, "var/lib/dpkg/status"), "utf8")
    .split("\n\n")
    .filter((text) => text.includes("\nStatus: install ok installed\n"))
    .map((text) => ["Package", "Version", "Architecture"].map((field) => text.match(new RegExp(`^${field}: (.*)$`, "m"))?.[1]).join(" "))
    .sort()

/** The stand-in, as the embedded engine's registry has it. */
async function standIn(suite: string): Promise<string> {
  await call(["image", `--distro=${suite}`, "--profile=kvdi", "kvdi-template", "--address=registry/helios-kvdi:it"])
  const folder = room()
  const from = `docker://${BASES}/library/debian:${suite}-slim`
  await execa("skopeo", ["copy", "--src-tls-verify=false", from, `dir:${folder}/image`])
  const { layers } = JSON.parse(readFileSync(join(folder, "image/manifest.json"), "utf8")) as { layers: { digest: string }[] }
  expect(layers).toHaveLength(1)
  mkdirSync(join(folder, "root"))
  await execa("tar", ["-xf", join(folder, "image", layers[0]?.digest.slice(7) as string), "-C", join(folder, "root")])
  return join(folder, "root")
}

async function reference(suite: string, sources: string): Promise<string> {
  const root = join(room(), "root")
  await execa(join(SLIM, "reference"), [suite, sources, root], { timeout: 20 * MINUTE })
  return root
}

beforeAll(async () => {
  await need("debootstrap", ["debootstrap"])
  await need("debuerreotype-init", ["debuerreotype"])
  await need("wget", ["wget"])
})
afterAll(clean)

describe.each(["bookworm", "trixie", "sid"])("the stand-in for debian:%s-slim", (suite) => {
  let ours: string
  let theirs: string

  beforeAll(async () => {
    ours = await standIn(suite)
    theirs = await reference(suite, join(ours, "etc/apt/sources.list.d/debian.sources"))
  }, 25 * MINUTE)

  test("has the packages of a base that is made as the official one is, and no other", () => {
    expect(packagesOf(ours)).toEqual(packagesOf(theirs))
    expect(packagesOf(ours).filter((line) => line.startsWith("ca-certificates "))).toEqual([])
  })

  // Those of sid change from week to week.
  if (suite !== "sid")
    test("has the packages that the official image's manifest names", () => {
      const published = readFileSync(join(SLIM, `${suite}.txt`), "utf8")
        .trim()
        .split(/\s+/)
      expect(packagesOf(ours).map((line) => line.split(" ")[0])).toEqual(published.sort())
    })

  test("has its files, but for those that are explained", async () => {
    const [one, other] = [await filesOf(ours), await filesOf(theirs)]
    const found = differing(one, other)
    const reasonOf = (path: string) => EXPLAINED.find(([pattern]) => pattern.test(path))?.[1]
    console.log(`${suite}: ${packagesOf(ours).length} packages, ${one.size} files, of which differ:`)
    for (const path of found) console.log(`  ${path}: ${reasonOf(path) ?? `not explained: ${one.get(path)} | ${other.get(path)}`}`)
    expect(found.filter((path) => !reasonOf(path))).toEqual([])
    // A comparison that finds nothing of what must differ compares nothing.
    expect(found).toContain("etc/hostname")
    expect(one.get("etc/dpkg/dpkg.cfg.d/docker")).toMatch(/^f 644 0:0 [0-9a-f]{64}$/)
  })
})
