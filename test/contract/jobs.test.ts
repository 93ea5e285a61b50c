import { readdirSync } from "node:fs"
import { join } from "node:path"
import { data, Evaluator, Lexer, Parser } from "@actions/expressions"
import { truthy } from "@actions/expressions/result"
import { execa } from "execa"
import { describe, expect, test } from "vitest"
import { type ImageName, matrix } from "../../src/core/catalog/matrix.ts"
import { farm, ROOT } from "../support/catalog.ts"
import { need } from "../support/farm.ts"
import { type Job, jobsOf, linesOf, STUDIO_WORKFLOW, WORKFLOWS } from "../support/github.ts"

/** What a job that runs comes to; without one it succeeds and says nothing. */
interface Outcome {
  result?: "success" | "failure"
  outputs?: Record<string, string>
}

const contextOf = (value: unknown) => JSON.parse(JSON.stringify(value), data.reviver) as data.Dictionary

const without = (text: string) => text.replace(/^\$\{\{(.*)\}\}$/, "$1")

/** What an expression without functions of a job's status comes to. */
function resultOf(text: string, context: object): string {
  const expression = new Parser(new Lexer(without(text)).lex().tokens, Object.keys(context), []).parse()
  return new Evaluator(expression, contextOf(context)).evaluate().coerceString()
}

/** What an `if` comes to. One that asks for no status means success() as well. */
function holds(text: string, context: object, status: Record<string, boolean>): boolean {
  const asked = without(text)
  const functions = Object.entries(status).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }))
  const whole = functions.some(({ name }) => asked.includes(`${name}(`)) ? asked : `success() && (${asked})`
  const expression = new Parser(new Lexer(whole).lex().tokens, Object.keys(context), functions).parse()
  return truthy(new Evaluator(expression, contextOf(context), new Map(functions.map((one) => [one.name, one]))).evaluate())
}

/**
 * The jobs of a workflow that run, as GitHub decides it: success() is of all jobs further back too, of which none may have been skipped
 * (https://github.com/actions/runner/issues/2205).
 */
function running(
  jobs: Record<string, Job>,
  github: Record<string, string>,
  outcomes: Record<string, Outcome> = {},
  inputs: Record<string, boolean> = {},
): string[] {
  const results = new Map<string, string>()
  const needs = (name: string) => [jobs[name]?.needs ?? []].flat()
  const before = (name: string): string[] => needs(name).flatMap((one) => [one, ...before(one)])
  const decide = (name: string) => {
    if (results.has(name)) return
    needs(name).forEach(decide)
    const own = Object.fromEntries(needs(name).map((one) => [one, { outputs: {}, ...outcomes[one], result: results.get(one) }]))
    const behind = before(name).map((one) => results.get(one))
    const runs = holds(
      jobs[name]?.if ?? "success()",
      { github, inputs, needs: own },
      {
        always: true,
        cancelled: false,
        failure: behind.includes("failure"),
        success: behind.every((one) => one === "success"),
      },
    )
    results.set(name, runs ? (outcomes[name]?.result ?? "success") : "skipped")
  }
  Object.keys(jobs).forEach(decide)
  return Object.keys(jobs).filter((name) => results.get(name) !== "skipped")
}

const main = { ref: "refs/heads/main" }
const pull = { event_name: "pull_request" }
const version = { ref: "refs/tags/v1.2.3", ref_type: "tag" }
const some = { outputs: { matrix: '[{"distro":"bookworm"}]' } }
const none = { outputs: { matrix: "[]" } }
const failed = { result: "failure" } as const
const newer = { lock: { outputs: { newer: "true" } }, push: { outputs: { commit: "0123456789ab" } } }

const CASES: [workflow: string, when: string, github: Record<string, string>, outcomes: Record<string, Outcome>, jobs: string[]][] = [
  ["check.yml", "a change that alters an image", {}, { cells: some }, ["farm", "cells", "desktop"]],
  ["check.yml", "a change that alters none", {}, { cells: none }, ["farm", "cells"]],
  ["check.yml", "tests that fail", {}, { farm: failed, cells: some }, ["farm", "cells"]],
  ["release.yml", "main with something newer", main, { cells: some }, ["check", "cells", "desktop", "tags", "report"]],
  ["release.yml", "main with nothing newer", main, { cells: none }, ["check", "cells"]],
  [
    "release.yml",
    "a version that testing has whole",
    version,
    { cells: none },
    ["check", "promotion", "cells", "report", "github-release"],
  ],
  [
    "release.yml",
    "a version that it has in part",
    version,
    { cells: some },
    ["check", "promotion", "cells", "desktop", "tags", "report", "github-release"],
  ],
  ["release.yml", "a version that isn't verified", version, { cells: none, report: failed }, ["check", "promotion", "cells", "report"]],
  [
    "release.yml",
    "an image that fails",
    main,
    { cells: some, desktop: failed, tags: failed },
    ["check", "cells", "desktop", "tags", "report"],
  ],
  ["release.yml", "a registry that can't be asked", version, { cells: failed }, ["check", "promotion", "cells"]],
  ["release.yml", "main whose tests fail", main, { check: failed, cells: some }, ["check"]],
  ["release.yml", "a version whose tests fail", version, { check: failed, cells: some }, ["check"]],
  ["release.yml", "a version of which something is refused", version, { promotion: failed, cells: some }, ["check", "promotion"]],
  ["nightly.yml", "a night that goes well", main, {}, ["unstable", "issue"]],
  ["nightly.yml", "a night that fails", main, { unstable: failed }, ["unstable", "issue"]],
  ["update.yml", "nothing newer", main, {}, ["lock"]],
  ["update.yml", "something newer", main, newer, ["lock", "push", "check", "request"]],
  ["update.yml", "something newer that fails", main, { ...newer, check: failed }, ["lock", "push", "check", "request"]],
  [STUDIO_WORKFLOW, "a pull request to a repository of one's own", pull, {}, ["smoke"]],
  [STUDIO_WORKFLOW, "its main, a tag or a night", { event_name: "push" }, {}, ["release"]],
]

test.each(CASES)("%s, %s: its jobs are those that it should run", (workflow, _, github, outcomes, jobs) => {
  expect(running(jobsOf(workflow), github, outcomes)).toEqual(jobs)
})

test("check.yml, for a release: style and tests alone, as desktops are proven on their way to a tag", () => {
  const { with: inputs } = jobsOf("release.yml").check as { with?: Record<string, boolean> }
  expect(running(jobsOf("check.yml"), main, { cells: some }, inputs)).toEqual(["farm"])
})

test.each([
  ["GitHub's own for its platform", {}, "linux/amd64", "ubuntu-24.04"],
  ["GitHub's own for its platform", {}, "linux/arm64", "ubuntu-24.04-arm"],
  ["those of its shard, where a variable names them", { SHARD_RUNNERS: "helios-" }, "linux/arm64", "helios-debian-arm64"],
])("an image is released by %s: %o %s", (_, vars, platform, runner) => {
  const cell = matrix(farm()).find((one) => one.distro === "bookworm" && one.platform === platform)
  expect(resultOf(jobsOf("release.yml").desktop?.["runs-on"] as string, { vars, matrix: cell })).toBe(runner)
})

test("what a pull request brings runs on GitHub's own runners alone: it could leave something in an engine's cache for a release to find", () => {
  for (const [name, job] of [...Object.entries(jobsOf("check.yml")), ...Object.entries(jobsOf(STUDIO_WORKFLOW))])
    expect(job["runs-on"], name).not.toMatch(/vars|shard/)
})

test("an image has one job for its tag, whatever its platforms and their shards", async () => {
  await need("jq", ["jq"])
  const [, filter = ""] = linesOf("release.yml")
    .map(([, run]) => run)
    .join("\n")
    .match(/jq --compact-output '(.+)' <<</) as string[]
  const { stdout } = await execa("jq", ["--compact-output", filter], { input: JSON.stringify(matrix(farm())) })
  const found = JSON.parse(stdout) as ImageName[]
  expect(new Set(found.flatMap(Object.keys))).toEqual(new Set(["distro", "profile", "init"]))
  expect(new Set(found.map((one) => Object.values(one).join())).size).toBe(found.length)
})

test("every job of every workflow runs in one of these", () => {
  const seen = new Set(CASES.flatMap(([workflow, , , , jobs]) => jobs.map((job) => `${workflow} ${job}`)))
  const workflows = [...readdirSync(join(ROOT, WORKFLOWS)), STUDIO_WORKFLOW]
  const all = workflows.flatMap((workflow) => Object.keys(jobsOf(workflow)).map((job) => `${workflow} ${job}`))
  expect([...seen].sort()).toEqual(all.sort())
})

test("no job that may write to the repository runs a package of npm's, which could change what is pushed or by whom", () => {
  const workflows = [...readdirSync(join(ROOT, WORKFLOWS)), STUDIO_WORKFLOW]
  const jobs = workflows.flatMap((workflow) => Object.entries(jobsOf(workflow)).map(([name, job]) => [`${workflow} ${name}`, job] as const))
  const writing = jobs.filter(([, { permissions = {} }]) => permissions.contents === "write")
  expect(writing.map(([name]) => name)).toContain("update.yml push")
  const lines = writing.flatMap(([name, { steps = [] }]) => steps.map(({ run, uses }) => `${name}: ${run ?? uses}`))
  expect(lines.filter((line) => /\b(npm|npx|node)\b/.test(line))).toEqual([])
  // What runs in the job before is the job that runs them, with nothing to write with.
  expect(jobs.filter(([, { permissions }]) => permissions === undefined).map(([name]) => name)).toContain("update.yml lock")
})

describe("a job after one that needs a skipped one", () => {
  const jobs = { a: { if: "github.ref == 'x'" }, b: { needs: "a", if: "!cancelled()" } }

  test("is lost", () => {
    expect(running({ ...jobs, c: { needs: "b", if: "needs.b.result == 'success'" }, d: { needs: ["b"] } }, {})).toEqual(["b"])
  })

  test("isn't where it asks for a status itself", () => {
    const c = { needs: "b", if: "${{ !cancelled() && needs.b.result == 'success' }}" }
    expect(running({ ...jobs, c }, {})).toEqual(["b", "c"])
  })

  test("isn't where nothing was skipped", () => {
    expect(running({ ...jobs, c: { needs: "b" } }, { ref: "x" })).toEqual(["a", "b", "c"])
  })
})
