import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Cell } from "../../../src/core/matrix.ts"
import { clean, MINUTE, need, REGISTRY, ROOT, room } from "../farm.ts"
import { asRunner, linesOf } from "../github.ts"
import { digests } from "../registry.ts"

const COMMIT = "0123456789abcdef0123456789abcdef01234567"
const PATH = `workflow-${process.pid}`
const output = join(room(), "output")

/** What GitHub gives each line, for a tag, on one cell of the matrix; TOKEN is nobody's, as the local registry asks for none. */
const env = {
  GITHUB_ACTOR: "somebody",
  GITHUB_OUTPUT: output,
  GITHUB_REF: "refs/tags/v1.2.3",
  GITHUB_SHA: COMMIT,
  REPOSITORY: `${REGISTRY}/${PATH}`,
  TOKEN: "none",
  DISTRO: "bookworm",
  PROFILE: "kvdi",
  INIT: "supervisord",
  PLATFORM: "linux/amd64",
}
// A container reaches that registry through a tunnel alone.
const local = { release: `--local=tcp://${REGISTRY}` }

afterAll(clean)

describe("what the release workflow runs, as written, on one cell of its matrix", { timeout: 40 * MINUTE }, () => {
  const steps = linesOf("release.yml")
  const run = (job: string, text: string) =>
    asRunner(steps.find(([name, line]) => name === job && line.includes(text))?.[1] as string, env, ROOT, local)
  const proven = join(ROOT, "proven")

  beforeAll(() => need("jq", ["jq"]))
  afterAll(() => rmSync(proven, { recursive: true, force: true }))

  test("the tags that it will make are told", async () => {
    const { exitCode, all } = await run("cells", "tags")
    expect([exitCode, all]).toEqual([
      0,
      expect.stringMatching(/helios-kvdi:v1\.2\.3-bookworm +v1\.2\.3-bookworm-\d{8}T\d{6}Z-0123456789ab/),
    ])
  })

  /** What the matrices have of the cell: its platforms, and whether its index is to be tagged. */
  async function concerned(): Promise<{ platforms: string[]; isTagged: boolean }> {
    writeFileSync(output, "")
    const { exitCode, all } = await run("cells", "concerned")
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
    expect(await concerned()).toEqual({ platforms: ["linux/amd64", "linux/arm64"], isTagged: true })
  })

  test("the cell is proven, and no tag is there yet", async () => {
    const { exitCode, all } = await run("desktop", "prove")
    expect(exitCode, all).toBe(0)
    mkdirSync(join(proven, "proven-cell"), { recursive: true })
    renameSync(join(ROOT, "proven.json"), join(proven, "proven-cell/proven.json"))
    expect(await digests(`${PATH}/helios-kvdi`)).toEqual(new Map())
  })

  test("nothing is tagged that lacks a platform, and the run fails", async () => {
    const { exitCode, all } = await run("tags", "join")
    expect(all).toContain("helios-kvdi:v1.2.3-bookworm was not proven for linux/arm64, so its tag stays; prove that and join again")
    expect([exitCode, await digests(`${PATH}/helios-kvdi`)]).toEqual([1, new Map()])
  })

  test("with both platforms it is tagged", async () => {
    const path = join(proven, "proven-cell/proven.json")
    const [amd64] = JSON.parse(readFileSync(path, "utf8"))
    // What another machine would have left; the index names it, whatever it is.
    mkdirSync(join(proven, "proven-other"))
    writeFileSync(join(proven, "proven-other/proven.json"), JSON.stringify([{ ...amd64, platform: "linux/arm64" }]))
    const { exitCode, all } = await run("tags", "join")
    expect(all).toMatch(/published \S+helios-kvdi:v1\.2\.3-bookworm is sha256:/)
    const tags = [...(await digests(`${PATH}/helios-kvdi`)).keys()].sort()
    expect([exitCode, tags]).toEqual([0, ["v1.2.3-bookworm", expect.stringMatching(/^v1\.2\.3-bookworm-\d{8}T\d{6}Z-0123456789ab$/)]])
  })
  test("then the matrix is of the others alone", async () => {
    expect(await concerned()).toEqual({ platforms: [], isTagged: false })
  })
})
