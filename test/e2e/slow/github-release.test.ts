import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Cell } from "../../../src/core/catalog/matrix.ts"
import { clean, MINUTE, need, REGISTRY, ROOT, room } from "../../support/farm.ts"
import { asRunner, linesOf, ON_A_CELL } from "../../support/github.ts"
import { digests, put, textOf } from "../../support/releases/registry.ts"
import { byKey, byPublicKey, makeTrust, mine, type Trust } from "../../support/releases/released.ts"
import { database } from "../../support/releases/trust.ts"

const COMMIT = "0123456789abcdef0123456789abcdef01234567"
const PATH = `workflow-${process.pid}`
const output = join(room(), "output")

/** What GitHub gives each line, for a tag. */
const env = {
  ...ON_A_CELL,
  GITHUB_OUTPUT: output,
  GITHUB_REF: "refs/tags/v1.2.3",
  GITHUB_SHA: COMMIT,
  REPOSITORY: `${REGISTRY}/${PATH}`,
}
let trust: Trust
const LOCAL = `--local=tcp://${REGISTRY}`
// The distro has one platform, as there is one machine. A container reaches that registry through a tunnel alone, tools lie there, and a key
// signs, as Sigstore can't be reached.
const instead = (signed: string[]) => ({
  call: ["call", `--distros=${distros}`],
  "with-signing": ["with-tools", ...trust.using, `--database=${db}`, LOCAL, ...signed],
  stale: ["with-tools", LOCAL, "stale"],
  "--identity=*": [],
  "--oidc-*": [],
})
const distros = mine()
let db: string

beforeAll(async () => {
  await need("jq", ["jq"])
  trust = await makeTrust()
  db = await database([])
}, 40 * MINUTE)
afterAll(clean)

/** What people see of the repository's tags. */
const tags = async () => [...(await digests(`${PATH}/helios-kvdi`)).keys()].filter((tag) => !tag.startsWith("sha256-")).sort()

describe.sequential("what the release workflow runs, as written, on one cell of its matrix", { timeout: 40 * MINUTE }, () => {
  const steps = linesOf("release.yml")
  const lineOf = (job: string, text: string) => steps.find(([name, line]) => name === job && line.includes(text))?.[1] as string
  const run = (job: string, text: string, more = {}) => {
    const signed = job === "report" ? byPublicKey(trust) : byKey(trust)
    return asRunner(lineOf(job, text), { ...env, ...more }, ROOT, instead(signed))
  }
  const proven = join(ROOT, "proven")

  afterAll(() => rmSync(proven, { recursive: true, force: true }))

  test("the tags that it will make are told", async () => {
    const { exitCode, all } = await run("cells", "tags")
    expect([exitCode, all]).toEqual([0, expect.stringMatching(/helios-kvdi:v1\.2\.3-mine +v1\.2\.3-mine-\d{8}T\d{6}Z-0123456789ab/)])
  })

  /** What the first job tags of the channel before the ref's. */
  const promoted = async (ref: string, FROM: string, ends = 0) => {
    const { exitCode, all } = await run("promotion", "promote", { GITHUB_REF: ref, FROM })
    expect(exitCode, all).toBe(ends)
    return all
  }

  test("testing has nothing to promote, which is told and ends nothing", async () => {
    const all = await promoted(env.GITHUB_REF, "testing")
    expect(all).toContain("helios-kvdi:testing-mine doesn't exist, so it can't be promoted: publish that commit there first")
    expect(all).toMatch(/\n0 published, 0 unchanged, \d+ absent, 0 failed$/m)
    expect(await tags()).toEqual([])
  })

  /** What the matrices have of the cell: its platforms, and whether its index is to be tagged. */
  async function stale(more = {}): Promise<{ platforms: string[]; isTagged: boolean }> {
    writeFileSync(output, "")
    const { exitCode, all } = await run("cells", "stale", more)
    expect(exitCode, all).toBe(0)
    const rows = (name: string) => {
      const [, json] = readFileSync(output, "utf8").match(RegExp(`^${name}=(.*)$`, "m")) ?? []
      const found = JSON.parse(json as string) as Cell[]
      expect(found.length).toBeGreaterThan(1)
      return found.filter((cell) => cell.distro === env.DISTRO && cell.profile === env.PROFILE && cell.init === env.INIT)
    }
    return { platforms: rows("matrix").map(({ platform }) => platform), isTagged: rows("indexes").length === 1 }
  }

  test("the matrix has the cell, as nothing is there yet", async () => {
    expect(await stale()).toEqual({ platforms: ["linux/amd64"], isTagged: true })
  })

  test("where no machine has proven anything, the tag says what it lacks", async () => {
    const { exitCode, all } = await run("tags", "join")
    expect([exitCode, all]).toEqual([
      1,
      expect.stringContaining("helios-kvdi:v1.2.3-mine was not tested for linux/amd64, so its tag stays"),
    ])
    expect(await tags()).toEqual([])
  })

  test("the cell is proven, and no tag is there yet", async () => {
    const { exitCode, all } = await run("desktop", "prove")
    expect(exitCode, all).toBe(0)
    mkdirSync(join(proven, "proven-cell"), { recursive: true })
    renameSync(join(ROOT, "proven.json"), join(proven, "proven-cell/proven.json"))
    expect(await tags()).toEqual([])
  })

  test("nothing is tagged that lacks a platform, and the run fails", async () => {
    const { exitCode, all } = await run("tags", "join", { DISTRO: "bookworm" })
    expect(all).toContain("helios-kvdi:v1.2.3-bookworm was not tested for linux/amd64, linux/arm64, so its tag stays")
    expect([exitCode, await tags()]).toEqual([1, []])
  })

  test("nothing is tagged whose attestations are of another platform", async () => {
    const path = join(proven, "proven-cell/proven.json")
    const text = readFileSync(path, "utf8")
    const [amd64] = JSON.parse(text)
    const as = (platform: string) => ({ ...amd64, tag: "v1.2.3-bookworm", platform })
    writeFileSync(path, JSON.stringify(["linux/amd64", "linux/arm64"].map(as)))
    const { exitCode, all } = await run("tags", "join", { DISTRO: "bookworm" })
    writeFileSync(path, text)
    expect(all).toMatch(
      /its provenance is of another image: expected bookworm kvdi supervisord linux\/a\S+, got mine kvdi supervisord linux\/amd64/,
    )
    expect([exitCode, await tags()]).toEqual([1, []])
  })

  test("with all platforms it is tagged", async () => {
    const { exitCode, all } = await run("tags", "join")
    expect(all).toMatch(/published \S+helios-kvdi:v1\.2\.3-mine is sha256:/)
    expect([exitCode, await tags()]).toEqual([0, ["v1.2.3-mine", expect.stringMatching(/^v1\.2\.3-mine-\d{8}T\d{6}Z-0123456789ab$/)]])
  })

  /** The report's page, as the run's summary has it. */
  async function reported(ref: string): Promise<string> {
    const summary = join(room(), "summary.md")
    for (const line of ["--output=report", "SUMMARY"]) {
      const { exitCode, all } = await run("report", line, { GITHUB_REF: ref, GITHUB_STEP_SUMMARY: summary, ARTIFACT: "https://x" })
      expect(exitCode, all).toBe(0)
    }
    return readFileSync(summary, "utf8")
  }

  test("the report tells of it", async () => {
    const summary = await reported(env.GITHUB_REF)
    expect(summary).toContain("helios-kvdi:v1.2.3-mine")
    expect(summary).toContain("[The whole report, with its pictures](https://x)")
    expect(summary).not.toMatch(/!\[|<img/)
  })

  test("verification fails for what is not there, and not for this", async () => {
    const { exitCode, all } = await run("report", "verify")
    expect(all).toMatch(/verified \S+helios-kvdi:v1\.2\.3-mine is sha256:/)
    expect([exitCode, all]).toEqual([1, expect.stringContaining("helios-kvdi:v1.2.3-bookworm doesn't exist: publish it first")])
  })

  test("then the matrix is of the others alone", async () => {
    expect(await stale()).toEqual({ platforms: [], isTagged: false })
  })

  test("what somebody put under testing's tag is refused, and ends the release", async () => {
    const repository = `${PATH}/helios-kvdi`
    await put(repository, "testing-mine", await textOf(repository, "v1.2.3-mine"))
    expect(await promoted("refs/tags/v1.2.4", "testing", 1)).toMatch(
      /helios-kvdi:testing-mine: signed as helios-kvdi:v1\.2\.3-mine from refs\/tags\/v1\.2\.3 at \S+, not as helios-kvdi:testing-mine from/,
    )
    expect(await tags()).not.toContain("v1.2.4-mine")
  })

  test("what testing has of the commit becomes the version, not built again, and is reported", async () => {
    const repository = `${PATH}/helios-kvdi`
    const testing = { GITHUB_REF: "refs/heads/testing" }
    for (const [job, verb] of [
      ["desktop", "prove"],
      ["tags", "join"],
    ] as const) {
      const { exitCode, all } = await run(job, verb, testing)
      expect(exitCode, all).toBe(0)
      if (verb === "prove") renameSync(join(ROOT, "proven.json"), join(proven, "proven-cell/proven.json"))
    }
    expect(await promoted("refs/tags/v1.2.4", "testing")).toMatch(/published \S+helios-kvdi:v1\.2\.4-mine is sha256:/)
    const held = await digests(repository)
    expect(held.get("v1.2.4-mine")).toBe(held.get("testing-mine"))
    expect(await stale({ GITHUB_REF: "refs/tags/v1.2.4" })).toEqual({ platforms: [], isTagged: false })
    expect(await reported("refs/tags/v1.2.4")).toContain("helios-kvdi:v1.2.4-mine")
  })
})
