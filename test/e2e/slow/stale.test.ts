import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Descriptor, digestOf, joined } from "../../../src/core/registry/oci.ts"
import { call, clean, farm, MINUTE, REGISTRY } from "../../support/farm.ts"
import { INDEX, MANIFEST, textOf } from "../../support/releases/registry.ts"
import { Archive, distroWith, PACKAGE, versionFile } from "../../support/upstreams/archive.ts"
import { endAgents, makeKey, type SigningKey } from "../../support/upstreams/signing.ts"

const COMMIT = "0123456789abcdef0123456789abcdef01234567"
const PATH = `stale-${process.pid}`
const DISTRO = "archived"
const BASE = `http://${REGISTRY}/v2/${PATH}/helios-kvdi/manifests`

const archive = new Archive()
const started = Date.now()
const versions = [1, 2].map((part) => `1.${started}.${part}`) as [string, string]
let key: SigningKey
let distros: string

beforeAll(async () => {
  key = await makeKey()
  await archive.listen()
  await archive.publish(key, versions[0])
  distros = distroWith(DISTRO, archive, key.fingerprint)
})
afterAll(() => archive.close())
afterAll(endAgents)
afterAll(clean)

const image = ["--profile=kvdi", "--init=supervisord"]
const PLATFORMS = ["linux/amd64", "linux/arm64"]

/** Builds the images with the packages of any day that the engine has, or those of today, and lets tags name an index of them: a release without its smoke test. */
async function tagged(asOf: string[], ...tags: string[]): Promise<string> {
  const build = [`--distros=${distros}`, ...asOf, `--commit=${COMMIT}`, "build", `--distro=${DISTRO}`, ...image]
  const pushed = new Map<string, Descriptor>()
  for (const platform of PLATFORMS) {
    const tag = platform.replace("/", "-")
    await call([...build, `--platform=${platform}`, "publish", `--address=${REGISTRY}/${PATH}/helios-kvdi:${tag}`], 20)
    const text = await textOf(`${PATH}/helios-kvdi`, tag)
    pushed.set(platform, { mediaType: MANIFEST, digest: digestOf(text), size: Buffer.byteLength(text) })
  }
  for (const tag of tags) {
    const put = await fetch(`${BASE}/${tag}`, { method: "PUT", headers: { "content-type": INDEX }, body: joined(pushed) })
    expect(put.status).toBe(201)
  }
  return call([...build, "--platform=linux/amd64", "file", `--path=/${versionFile()}`, "contents"])
}

/** The distro's cells that are stale, and what is told of it. */
async function stale({ ref = "refs/heads/main", commit = COMMIT } = {}) {
  const where = [`--repository=${REGISTRY}/${PATH}`]
  const only = ["only", `--distro=${DISTRO}`, "--profile=kvdi", "--init=supervisord", "with-tools", `--local=tcp://${REGISTRY}`]
  const said = await farm(["call", `--distros=${distros}`, "release", `--ref=${ref}`, `--commit=${commit}`, ...where, ...only, "stale"])
  expect(said.exitCode, said.stderr).toBe(0)
  return { cells: JSON.parse(said.stdout), told: said.stderr }
}

const all = PLATFORMS.map((platform) => ({
  distro: DISTRO,
  profile: "kvdi",
  init: "supervisord",
  platform,
  shard: platform.replace("linux/", "debian-"),
}))

describe.sequential("the images that a night is about", { timeout: 60 * MINUTE }, () => {
  test("are those that nobody published yet", async () => {
    expect(await stale()).toEqual({ cells: all, told: expect.stringContaining("helios-kvdi:unstable-archived doesn't exist yet") })
  })

  test("are none that is as its archives are", async () => {
    expect(await tagged([], "unstable-archived", "v1.2.3-archived")).toBe(versions[0])
    expect(await stale()).toEqual({ cells: [], told: expect.stringContaining("unstable-archived is up to date") })
  })

  test("are those of another commit, which no archive is asked about", async () => {
    const { cells, told } = await stale({ commit: COMMIT.replace("0", "f") })
    expect([cells, told]).toEqual([all, expect.stringContaining("unstable-archived was built from 0123456789ab")])
    expect(told).not.toContain("helios/outdated")
  })

  test("are those that an archive has something newer for on one platform, which isn't this machine's", async () => {
    await archive.add(key, versions[1], { Architecture: "arm64" })
    const { cells, told } = await stale()
    expect([cells, told]).toEqual([
      all,
      expect.stringContaining(`unstable-archived has 1 packages on linux/arm64 that the archives have newer: ${PACKAGE}`),
    ])
  })

  test("are none where an upgrade would keep back what is newer", async () => {
    await archive.publish(key, versions[0])
    await archive.add(key, versions[1], { Depends: "no-such-package" })
    expect(await stale()).toEqual({ cells: [], told: expect.stringContaining("unstable-archived is up to date") })
  })

  test("are those that an archive has something newer for, at that very moment", async () => {
    await archive.publish(key, versions[1])
    const { cells, told } = await stale()
    expect([cells, told]).toEqual([
      all,
      expect.stringContaining(`unstable-archived has 1 packages on linux/amd64 that the archives have newer: ${PACKAGE}`),
    ])
  })

  test("are no releases, which stay as they are", async () => {
    expect((await stale({ ref: "refs/tags/v1.2.3" })).cells).toEqual([])
  })

  test("get it by a date that nothing was built for, and not without one", async () => {
    expect(await tagged([], "unstable-archived")).toBe(versions[0])
    expect((await stale()).cells).toEqual(all)
    expect(await tagged([`--as-of=${new Date().toISOString().slice(0, 10)}`], "unstable-archived")).toBe(versions[1])
    expect((await stale()).cells).toEqual([])
  })

  test("are those whose archive doesn't answer as well, and are told why", async () => {
    archive.answers.set("InRelease", (response) => response.writeHead(503).end())
    const { cells, told } = await stale()
    expect([cells, told]).toEqual([
      all,
      expect.stringMatching(/unstable-archived could not be checked on linux\/amd64: Failed to fetch .*InRelease {2}503/),
    ])
  })
})
