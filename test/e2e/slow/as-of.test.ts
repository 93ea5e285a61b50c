import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { dagger, type Engine, run, seededEngine, wipeAll } from "../../support/engine/engine.ts"
import { call, clean, farm, MINUTE, ROOT, refusedLine, room } from "../../support/farm.ts"
import { differences, type Layers, layersOf } from "../../support/layers.ts"
import { Archive, distroWith, versionFile } from "../../support/upstreams/archive.ts"
import { endAgents, makeKey, type SigningKey } from "../../support/upstreams/signing.ts"

const DISTRO = "archived"
const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
const [today, yesterday, unkept, tampered] = [0, 1, 2, 3].map(day) as [string, string, string, string]

const archive = new Archive()
const versions = [1, 2].map((part) => `1.${Date.now()}.${part}`) as [string, string]
let key: SigningKey
let distros: string
let other: Engine

/** Where this machine takes an archive of Debian's from, which stands for the dated one: it isn't what moves here. */
async function own(name: string): Promise<string> {
  const { stdout } = await execa("apt-get", ["update", "--print-uris"])
  return stdout.match(RegExp(`^'(.*/${name})/*/dists/`, "m"))?.[1] ?? `http://deb.debian.org/${name}`
}

beforeAll(async () => {
  key = await makeKey()
  await archive.listen()
  const snapshots = [
    { archive: archive.url, address: `${archive.url}/{year}-{month}-{day}/` },
    { archive: "debian", address: await own("debian") },
    { archive: "debian-security", address: await own("debian-security") },
  ]
  distros = distroWith(DISTRO, archive, key.fingerprint, { snapshots })
  await archive.publish(await makeKey(), "9")
  archive.keep(tampered)
  await archive.publish(key, versions[0])
  archive.keep(yesterday)
  other = await seededEngine()
  await execa(run, ["--engine=embedded", "engine", "up"], { env: other.env })
}, 20 * MINUTE)
afterAll(() => archive.close())
afterAll(endAgents)
afterAll(wipeAll, 5 * MINUTE)
afterAll(clean)

const image = ["build", `--distro=${DISTRO}`, "--profile=kvdi"]
const words = (asOf: string) => [`--distros=${distros}`, `--as-of=${asOf}`]
const version = (asOf: string) => call([...words(asOf), ...image, "file", `--path=/${versionFile()}`, "contents"], 20)

describe.sequential("archives that moved on", { timeout: 30 * MINUTE }, () => {
  let before: Layers

  test("give what they had on a day, by its date", async () => {
    const tarball = join(room(), "image.tar")
    await call([...words(yesterday), ...image, "export", `--path=${tarball}`], 20)
    before = await layersOf(tarball)
    expect(await before.read(versionFile())).toBe(versions[0])
  })

  test("and again on another engine once they have moved: every layer is the same, no file excepted", async () => {
    await archive.publish(key, versions[1])
    const tarball = join(room(), "image.tar")
    const args = ["call", ...words(yesterday), ...image, "export", `--path=${tarball}`]
    const { exitCode, stderr } = await dagger(other, args, { cwd: ROOT })
    expect(exitCode, String(stderr)).toBe(0)
    const after = await layersOf(tarball)
    expect(differences(before, after)).toEqual([])
    expect(after.digests).toEqual(before.digests)
  })

  test("give what they have now by today's", async () => {
    expect(await version(today)).toBe(versions[1])
  })

  test("leave nothing of the date in an image: it names the live archives, and trusts no aged index", async () => {
    expect([...before.files.keys()].filter((path) => /helios\/(archives|live)|zz-helios-archives/.test(path))).toEqual([])
    expect(await before.read("etc/apt/sources.list.d/mine.sources")).toContain(`URIs: ${archive.url}/\n`)
  })

  test.each([
    ["a day that nothing was kept of", unkept, /^The repository '.*' does not have a Release file/],
    ["a signature of another key", tampered, /^GPG error: /],
  ])("and with %s a build is refused in one line", async (_, asOf, says) => {
    const line = refusedLine(await farm(["call", ...words(asOf), ...image, "sync"]))
    expect(line.replace(`${DISTRO}: the packages of ${DISTRO} could not be installed: `, "")).toMatch(says)
  })

  test("and an archive that is known by no date is refused as well", async () => {
    const unknown = distroWith(DISTRO, archive, key.fingerprint)
    const line = refusedLine(await farm(["call", `--distros=${unknown}`, `--as-of=${yesterday}`, ...image, "sync"]))
    expect(line).toMatch(/could not be installed: http.* has no archive of that date: take another date or none/)
  })

  test("say in the plan where they were found", async () => {
    const { snapshots } = JSON.parse(await call([...words(yesterday), "plan", `--distro=${DISTRO}`, "--profile=kvdi"]))
    expect(snapshots[archive.url]).toBe(`${archive.url}/${yesterday}/`)
  })
})
