import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { clean, MINUTE, need, ROOT, room } from "../../support/farm.ts"
import { gitIn } from "../../support/git.ts"
import { asRunner, linesOf, WORKFLOWS } from "../../support/github.ts"

const { inCopy } = (await import(join(ROOT, "test/bench/copy.mjs"))) as { inCopy: <T>(work: (copy: string) => Promise<T>) => Promise<T> }

const ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
const ZIZMOR = "zizmor==1.32.0"

afterAll(clean)

describe("workflows", () => {
  let venv: string
  const lints = {
    actionlint: (folder: string) =>
      execa("go", ["run", ACTIONLINT, "-no-color", ...readdirSync(join(folder, WORKFLOWS)).map((name) => join(WORKFLOWS, name))], {
        cwd: folder,
        reject: false,
      }),
    zizmor: (folder: string) => execa(join(venv, "bin/zizmor"), ["--offline", "--no-progress", ".github"], { cwd: folder, reject: false }),
  }

  beforeAll(async () => {
    await need("go", ["golang-go"])
    await need("git", ["git"])
    venv = room()
    const make = () => execa("python3", ["-m", "venv", venv])
    await make().catch(() => need("python3-venv", ["python3-venv"]).then(make))
    await execa(join(venv, "bin/pip"), ["install", "--quiet", ZIZMOR])
  }, 15 * MINUTE)

  test.each(["actionlint", "zizmor"] as const)("%s finds nothing in them", async (name) => {
    const { exitCode, stdout, stderr } = await lints[name](ROOT)
    expect(exitCode, stdout + stderr).toBe(0)
  })

  test.each(["actionlint", "zizmor"] as const)("%s finds nothing in those of examples/studio, as a repository of its own", async (name) => {
    const copy = room()
    await execa("git", ["init", "--quiet", copy])
    cpSync(join(ROOT, "examples/studio"), copy, { recursive: true })
    const { exitCode, stdout, stderr } = await lints[name](copy)
    expect(exitCode, stdout + stderr).toBe(0)
  })

  test.each([
    [
      "actionlint",
      "a matrix that no job makes",
      "needs.cells.outputs.matrix",
      "needs.cell.outputs.matrix",
      /property "cell" is not defined/,
    ],
    ["actionlint", "a runner that there is not", "runs-on: ubuntu-24.04\n", "runs-on: ubuntu-23.04\n", /label "ubuntu-23.04" is unknown/],
    ["zizmor", "an action by its tag", /@[0-9a-f]{40} # v/g, "@v", /unpinned-uses/],
    [
      "actionlint",
      "an input that an action of ours doesn't take",
      "actions/setup\n",
      "actions/setup\n        with:\n          nosuch: x\n",
      /nosuch/,
    ],
    ["zizmor", "a token that can write", "contents: read", "contents: write", /excessive-permissions/],
    ["zizmor", "the name of a branch in a shell", '--distro="$DISTRO"', "--distro=${{ github.head_ref }}", /template-injection/],
  ] as const)("%s is seen to find %s", async (name, _, from, to, says) => {
    const copy = room()
    await execa("git", ["init", "--quiet", copy])
    cpSync(join(ROOT, ".github"), join(copy, ".github"), { recursive: true })
    const path = join(copy, WORKFLOWS, "check.yml")
    const text = readFileSync(path, "utf8")
    writeFileSync(path, text.replace(from, to))
    expect(readFileSync(path, "utf8")).not.toBe(text)
    const { exitCode, stdout } = await lints[name](copy)
    expect([exitCode, stdout]).toEqual([expect.not.stringMatching("^0$"), expect.stringMatching(says)])
  })
})

describe("what the check workflow runs, as written, on one cell of its matrix", () => {
  const output = join(room(), "output")
  const cell = { DISTRO: "bookworm", PROFILE: "kvdi", INIT: "supervisord", PLATFORM: "linux/amd64" }
  const steps = linesOf("check.yml")

  beforeAll(() => writeFileSync(output, ""))

  test.each(steps)("%s: %s", async (_, run) => {
    const { exitCode, all } = await asRunner(run, { ...cell, EVENT: "push", GITHUB_OUTPUT: output })
    expect(exitCode, all).toBe(0)
  })

  test("the matrix has the cell that was proven, and what the steps take from it", () => {
    const [, matrix] = readFileSync(output, "utf8").match(/^matrix=(.*)$/m) ?? []
    const { DISTRO: distro, PROFILE: profile, INIT: init, PLATFORM: platform } = cell
    expect(JSON.parse(matrix as string)).toContainEqual({ distro, profile, init, platform, shard: "debian-amd64" })
  })

  test("for a pull request, the matrix has the cells that it can alter", () =>
    inCopy(async (copy) => {
      const line = steps.find(([job]) => job === "cells")?.[1] as string
      const git = gitIn(copy)
      const commit = () => git("commit", "--quiet", "--all", "--message=a change")
      await git("init", "--quiet")
      await git("add", "--all")
      await commit()
      for (const [path, concerned] of [
        ["distros/sid/distro.json", ["sid"]],
        ["README.md", []],
      ] as const) {
        appendFileSync(join(copy, path), "\n")
        await commit()
        writeFileSync(output, "")
        const { exitCode, all } = await asRunner(line, { EVENT: "pull_request", GITHUB_OUTPUT: output }, copy)
        expect(exitCode, all).toBe(0)
        const cells = JSON.parse(readFileSync(output, "utf8").replace("matrix=", "")) as { distro: string }[]
        expect([...new Set(cells.map(({ distro }) => distro))]).toEqual(concerned)
      }
    }))

  test("a report with a promise that was not kept ends it", async () => {
    const gate = steps.find(([, run]) => run.includes("smoke.txt"))?.[1] as string
    const bad = room()
    mkdirSync(join(bad, "report"))
    for (const counts of ["12 passed, 1 failed, 0 skipped", "12 passed, 0 failed, 1 skipped"]) {
      writeFileSync(join(bad, "report/smoke.txt"), `${counts}\n`)
      expect((await execa("bash", ["-eo", "pipefail", "-c", gate], { cwd: bad, reject: false })).exitCode).not.toBe(0)
    }
  })
})
