import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { call, clean, farm, MINUTE, refusedLine } from "../../support/farm.ts"
import { between, blobOf, textOf } from "../../support/releases/registry.ts"
import { COMMIT, held, later, makeTrust, mine, REPOSITORY, release, tags } from "../../support/releases/released.ts"

const LATER = later()

beforeAll(makeTrust, 40 * MINUTE)
afterAll(clean)

/** The labels of the one image of an index, by its tag. */
async function labelsOf(tag: string): Promise<Record<string, string>> {
  const parsed = async (reference: string) => JSON.parse(await textOf(REPOSITORY, reference))
  const { config } = await parsed((await parsed(tag)).manifests[0].digest)
  return JSON.parse(await blobOf(REPOSITORY, config.digest)).config.Labels
}

describe.sequential("the tags of one image", { timeout: 30 * MINUTE }, () => {
  test("a branch that publishes nothing builds nothing and says so", async () => {
    const said = await call(await release({ ref: "refs/heads/topic" }))
    expect(said).toBe("refs/heads/topic publishes nothing: main, testing and tags such as v1.2.3 do")
  })

  test("main moves unstable to an index that was proven, and its twin names the same", async () => {
    expect(await call(await release({}), 25)).toMatch(
      /^published \S+:unstable-mine is sha256:[0-9a-f]{64}\n\n1 published, 0 unchanged, 0 failed$/,
    )
    const all = await tags()
    const twin = [...all.keys()].find((tag) => /^unstable-mine-\d{8}T\d{6}Z-0123456789ab$/.test(tag))
    expect([...all.keys()].sort()).toEqual(["unstable-mine", twin])
    expect(all.get("unstable-mine")).toBe(all.get(twin as string))
  })

  test("the same again uploads nothing and moves nothing", async () => {
    const before = await held()
    const watched = await between(() => false)
    try {
      expect(await call(await release({ registry: watched.registry }))).toMatch(/\n0 published, 1 unchanged, 0 failed$/)
      expect(watched.requests.filter((line) => !/^(GET|HEAD) /.test(line))).toEqual([])
      expect(watched.requests).not.toEqual([])
    } finally {
      watched.close()
    }
    expect(await held()).toEqual(before)
  })

  test("a release is what unstable has, by digest: nothing is uploaded but its index and who signed it", async () => {
    const watched = await between(() => false)
    try {
      expect(await call(await release({ ref: "refs/tags/v1.2.3", registry: watched.registry }, ["promote", "--from=unstable"]))).toMatch(
        /^published /,
      )
      expect(watched.uploaded()).toBeLessThan(100_000)
    } finally {
      watched.close()
    }
    const all = await held()
    expect(all.get("v1.2.3-mine")).toBe(all.get("unstable-mine"))
    expect(await call(await release({ ref: "refs/tags/v1.2.3" }, ["promote", "--from=unstable"]))).toMatch(/^unchanged /)
  })

  test("another commit moves unstable on", async () => {
    const before = await tags()
    expect(await call(await release({ commit: LATER }), 25)).toMatch(/^published /)
    const after = await tags()
    expect(after.get("unstable-mine")).not.toBe(before.get("unstable-mine"))
    expect(after.size).toBe(before.size + 1)
  })

  test.each([
    ["v1.2.3", LATER, "v1.2.3-mine already exists with another digest, sha256:\\S+: a released tag never changes; release a later version"],
    ["v1.2.2", LATER, "v1.2.2-mine is a downgrade: v1.2.3-mine already exists; release a later version"],
  ])("%s of %s is refused", async (version, commit, says) => {
    const before = await held()
    const refused = await farm(["call", ...(await release({ ref: `refs/tags/${version}`, commit }, ["promote", "--from=unstable"]))])
    expect(refused.stderr).toMatch(RegExp(`helios-kvdi:${says}`))
    expect([refused.exitCode, await held()]).toEqual([1, before])
  })

  test.each([
    ["another commit", "unstable", COMMIT, `unstable-mine was built from ${LATER}, not from --commit=${COMMIT}`],
    ["nothing", "testing", LATER, "testing-mine doesn't exist"],
  ])("a channel that has %s is not promoted, which is told and fails nothing", async (_, from, commit, says) => {
    const before = await held()
    const said = await call(await release({ ref: "refs/tags/v1.2.4", commit }, ["promote", `--from=${from}`]))
    expect(said).toMatch(/^absent .*:v1\.2\.4-mine was not moved\n[\s\S]*\n0 published, 0 unchanged, 1 absent, 0 failed$/)
    expect(said).toContain(`helios-kvdi:${says}, so it can't be promoted: publish that commit there first`)
    expect(await held()).toEqual(before)
  })

  test("rollback goes back to what was before, and no further", async () => {
    const before = await held()
    expect(await call(await release({}, ["rollback"]))).toMatch(/^published /)
    expect(await held()).toEqual(new Map([...before, ["unstable-mine", before.get("v1.2.3-mine")]]))
    const again = await farm(["call", ...(await release({}, ["rollback"]))])
    expect(again.stderr).toContain("helios-kvdi:unstable-mine has no earlier index to go back to: its immutable tags are unstable-mine-")
    const fixed = await farm(["call", ...(await release({ ref: "refs/tags/v1.2.3" }, ["rollback"]))])
    expect(fixed.stderr).toContain("helios-kvdi:v1.2.3-mine is a release, whose tag never moves; release a later version")
  })

  test("an image that breaks a promise isn't tagged, and what is there stays", async () => {
    const before = await held()
    const distros = mine({ "root/usr/bin/xfce4-panel": "#!/bin/sh\nexec sleep infinity\n" })
    const broken = await farm(["call", ...(await release({ distros }))], 25)
    expect(broken.stderr).toMatch(
      /unstable-mine was not moved[\s\S]*unstable-mine for linux\/amd64: a promise was not kept[\s\S]*0 published, 0 unchanged, 1 failed/,
    )
    expect([broken.exitCode, await held()]).toEqual([1, before])
  })

  test("an image says when its commit was made", async () => {
    const made = ["--created=2026-11-25T21:00:00+01:00"]
    expect(await call(await release({ ref: "refs/heads/testing", before: made }), 25)).toMatch(/^published /)
    expect(await labelsOf("testing-mine")).toMatchObject({ "org.opencontainers.image.created": "2026-11-25T20:00:00Z" })
    expect(await labelsOf("unstable-mine")).toMatchObject({ "org.opencontainers.image.created": "1970-01-01T00:00:00Z" })
  })
})

describe("what is refused before anything is built", () => {
  test.each([
    [{ ref: "refs/tags/v1.2" }, /^--ref=refs\/tags\/v1\.2: expected a release's tag by semver/],
    [{ ref: "refs/tags/v1.2.3-rc.1" }, /^--ref=refs\/tags\/v1\.2\.3-rc\.1: pre-releases and builds are not published/],
    [{ more: ["--username=somebody"] }, /^--username and --password go together: expected both, or neither$/],
    [{ commit: "0123" }, /^--commit=0123: expected a git commit of 40 hexadecimal digits$/],
    [{ before: [`--commit=${LATER}`] }, /^--commit=f\S+ before release, --commit=0\S+ after it: expected one of them, or the same$/],
    [{ before: ["--created=yesterday"] }, /^--created=yesterday: expected a time by RFC 3339, such as 2026-11-25T20:00:00Z/],
  ])("%j", async (asked, says) => {
    expect(refusedLine(await farm(["call", ...(await release(asked))]))).toMatch(says)
  })
})
