import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { call, clean, farm, refusedLine } from "../../support/farm.ts"
import { type Answer, Archive, distroWith, PACKAGE, versionFile } from "../../support/upstreams/archive.ts"
import { endAgents, makeKey, type SigningKey } from "../../support/upstreams/signing.ts"

const DISTRO = "archived"
/** A package of Debian's base, whose version is lower than any of these tests. */
const OF_BASE = "logsave"

const archive = new Archive()
let key: SigningKey
let other: SigningKey
let expired: SigningKey

beforeAll(async () => {
  ;[key, other, expired] = await Promise.all([makeKey(), makeKey(), makeKey({ isExpired: true })])
  await archive.listen()
})
afterAll(() => archive.close())
afterAll(endAgents)
afterAll(clean)

const started = Date.now()
let count = 0

/** A version that no archive had before, so that nothing of an earlier one can pass for it. */
const newVersion = () => `1.${started}.${++count}`

const installing = (folder: string, name = PACKAGE) => [
  `--distros=${folder}`,
  "stage",
  "--name=packages",
  `--distro=${DISTRO}`,
  "--profile=kvdi",
  "file",
  `--path=${versionFile(name)}`,
  "contents",
]

/** The version that is installed, with the packages of any day that the engine has, or those of today. */
const installed = (folder: string, ...asOf: string[]) => call([...asOf, ...installing(folder)])

/** What a refused call said, in its one line. */
async function refusal(folder: string): Promise<string> {
  return refusedLine(await farm(["call", ...installing(folder)]))
}

const cut: Answer = (response, file) => {
  response.writeHead(200, { "content-length": file.length })
  response.write(file.subarray(0, file.length / 2), () => response.destroy())
}
const half: Answer = (response, file) => response.end(file.subarray(0, file.length / 2))
const missing: Answer = (response) => response.writeHead(404).end()
const ailing: Answer = (response) => response.writeHead(503).end()
const page: Answer = (response) => response.end("<html>\n")

const NOT_INSTALLED = `${DISTRO}: the packages of ${DISTRO} could not be installed: `
const notTrusted = () => `${DISTRO}: the key ${archive.url}/key.asc can't be trusted: `

test("a package comes from a distro's own signed archive, and a later one by a date", async () => {
  const folder = distroWith(DISTRO, archive, key.fingerprint)
  const first = newVersion()
  await archive.publish(key, first)
  expect(await installed(folder)).toBe(first)
  const second = newVersion()
  await archive.publish(key, second)
  expect(await installed(folder)).toBe(first)
  expect(await installed(folder, `--as-of=${new Date().toISOString().slice(0, 10)}`)).toBe(second)
})

test("what the base has is upgraded to what an archive has newer", async () => {
  const folder = distroWith(DISTRO, archive, key.fingerprint)
  const version = newVersion()
  await archive.publish(key, version, [PACKAGE, OF_BASE])
  expect(await call(installing(folder, OF_BASE))).toBe(version)
})

describe("an archive that is not as it should be is refused in one line, and is taken once it is mended", () => {
  test.each<[string, () => Promise<void>, RegExp]>([
    ["a package that it lacks", () => archive.publish(key), /^Unable to locate package helios-greeting$/],
    ["a package that is gone", async () => void archive.answers.set("deb", missing), /^Failed to fetch .*\.deb {2}404 {2}Not Found/],
    ["half a package, and a connection that ends", async () => void archive.answers.set("deb", cut), /^Failed to fetch .*\.deb/],
    ["half a package", async () => void archive.answers.set("deb", half), /^Failed to fetch .*\.deb {2}File has unexpected size/],
    ["half an index", async () => void archive.answers.set("Packages", half), /^Failed to fetch .*Packages {2}File has unexpected size/],
    ["a server that is ailing", async () => void archive.answers.set("InRelease", ailing), /^Failed to fetch .*InRelease {2}503/],
    [
      "no signature",
      async () => void archive.answers.set("InRelease", missing),
      /^The repository '.*' (does not|no longer) ha(ve|s) a Release file/,
    ],
  ])("%s", async (_, spoil, says) => {
    const folder = distroWith(DISTRO, archive, key.fingerprint)
    const version = newVersion()
    await archive.publish(key, version)
    await spoil()
    const line = await refusal(folder)
    expect(line).toContain(NOT_INSTALLED)
    expect(line.replace(NOT_INSTALLED, "")).toMatch(says)
    archive.answers.clear()
    await archive.publish(key, version)
    expect(await installed(folder)).toBe(version)
  })

  test("an index that is past its own day, as one is that somebody plays back", async () => {
    const folder = distroWith(DISTRO, archive, key.fingerprint)
    const version = newVersion()
    await archive.publish(key, version, [PACKAGE], new Date(started - 60_000))
    const line = await refusal(folder)
    expect(line).toContain(NOT_INSTALLED)
    expect(line).toMatch(/Release file for .* is expired \(invalid since /)
    await archive.publish(key, version, [PACKAGE], new Date(started + 3_600_000))
    expect(await installed(folder)).toBe(version)
  })

  test("another key's signature", async () => {
    const folder = distroWith(DISTRO, archive, key.fingerprint)
    const version = newVersion()
    await archive.publish(other, version)
    archive.answers.set("key.asc", async (response) => response.end(await key.armored()))
    expect(await refusal(folder)).toMatch(RegExp(`^${NOT_INSTALLED}GPG error: .*${other.fingerprint.slice(-16)}`))
    await archive.publish(key, version)
    archive.answers.clear()
    expect(await installed(folder)).toBe(version)
  })
})

describe("a key that can't be trusted is refused in one line, and its archive is taken with the right one", () => {
  test("one with another fingerprint than is pinned", async () => {
    const folder = distroWith(DISTRO, archive, key.fingerprint)
    const version = newVersion()
    await archive.publish(other, version)
    expect(await refusal(folder)).toBe(
      `${notTrusted()}expected the key ${key.fingerprint}, got ${other.fingerprint}; pin the one that you trust`,
    )
    await archive.publish(key, version)
    expect(await installed(folder)).toBe(version)
  })

  test("an expired one", async () => {
    const folder = distroWith(DISTRO, archive, expired.fingerprint)
    const version = newVersion()
    await archive.publish(key, version)
    archive.answers.set("key.asc", async (response) => response.end(await expired.armored()))
    expect(await refusal(folder)).toBe(
      `${notTrusted()}expected the key ${expired.fingerprint}, got it, but it expired on 2020-01-02; ask the archive for the renewed one`,
    )
    await expired.renew()
    await archive.publish(expired, version)
    archive.answers.clear()
    expect(await installed(folder)).toBe(version)
  })

  test.each<[string, Answer, RegExp]>([
    ["a page in its place", page, /: expected the key [0-9A-F]{40}, got no key at all$/],
    ["none", missing, /404 Not Found/],
  ])("%s", async (_, answer, says) => {
    const folder = distroWith(DISTRO, archive, key.fingerprint)
    const version = newVersion()
    await archive.publish(key, version)
    archive.answers.set("key.asc", answer)
    const line = await refusal(folder)
    expect(line).toContain(notTrusted())
    expect(line).toMatch(says)
    archive.answers.clear()
    expect(await installed(folder)).toBe(version)
  })
})
