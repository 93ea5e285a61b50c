import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, expect, test } from "vitest"
import { parseTested } from "../../src/core/release/tested.ts"
import { releaseMarkdown, releaseSummary } from "../../src/core/report/markdown.ts"
import { clean, need, room } from "../support/farm.ts"
import { linesOf } from "../support/github.ts"
import { RICH, releaseOf } from "../unit/releases.ts"

beforeAll(() => need("jq", ["jq"]))
afterAll(clean)

// A gh that keeps issues and releases as files of its folder, and notes how it was called. Of lists it knows what --jq asks for.
const GH = `cd "$GH_STATE"
printf '%s\\n' "$*" >>calls
[ -z "$GH_FAILS" ] || case "$*" in $GH_FAILS) echo 'HTTP 502' >&2; exit 1 ;; esac
case $1-$2 in
  issue-list) for word; do jq=$word; done; (cat issue 2>/dev/null) | jq --slurp --raw-output "map({number: .}) | $jq" ;;
  issue-create) echo 7 >issue ;;
  issue-close) rm issue ;;
  release-view) [ -e "release-$3" ] || { echo 'release not found' >&2; exit 1; } ;;
  release-create) [ ! -e "release-$3" ] && touch "release-$3" ;;
  release-edit | release-upload) [ -e "release-$3" ] ;;
esac`

// A dagger that only notes its words, a line each.
const DAGGER = `printf '%s\n' "$@" >>"$GH_STATE/calls"`

/** A runner of a job's lines, on which gh and dagger are those: what they were asked at each run. */
function runner(workflow: string, job: string) {
  const [folder, bin] = [room(), room()]
  for (const [name, body] of Object.entries({ gh: GH, dagger: DAGGER })) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  const calls = join(folder, "calls")
  return {
    folder,
    async run(env: Record<string, string>, which = "") {
      writeFileSync(calls, "")
      const lines = linesOf(workflow).filter(([name, line]) => name === job && line.includes(which))
      expect(lines).toHaveLength(1)
      const given = { ...env, GH_STATE: folder, PATH: `${bin}:${process.env.PATH}` }
      const shell = ["--noprofile", "--norc", "-eo", "pipefail", "-c", lines[0]?.[1] as string]
      const { exitCode, stderr } = await execa("bash", shell, { cwd: folder, env: given, reject: false })
      return { exitCode, stderr, asked: readFileSync(calls, "utf8").split("\n").filter(Boolean) }
    },
  }
}

test("failing nights have one issue, which each of them comments on, and a good one closes", async () => {
  const { run } = runner("nightly.yml", "issue")
  const night = async (RESULT: string, GH_FAILS = "") => {
    const { exitCode, asked } = await run({ RESULT, RUN: "https://github.com/a/b/actions/runs/1", GH_FAILS })
    expect(asked[0]).toMatch(/^issue list --state open --label nightly /)
    return [exitCode, ...asked.slice(1).map((line) => line.replace(/--body .*/, "").trim())]
  }
  const opened = [
    "label create nightly --force --description The nightly build fails",
    "issue create --label nightly --title The nightly build fails",
  ]
  expect(await night("success")).toEqual([0])
  expect(await night("failure")).toEqual([0, ...opened])
  expect(await night("failure")).toEqual([0, "issue comment 7"])
  expect(await night("cancelled")).toEqual([0])
  expect(await night("failure")).toEqual([0, "issue comment 7"])
  expect(await night("success")).toEqual([0, expect.stringMatching(/^issue close 7 --comment The night went well again: https:/)])
  expect(await night("success")).toEqual([0])
  expect(await night("failure")).toEqual([0, ...opened])
})

test("a night whose issue can't be looked for opens no second one", async () => {
  const { run } = runner("nightly.yml", "issue")
  const { exitCode, asked } = await run({ RESULT: "failure", RUN: "https://x", GH_FAILS: "issue\\ list*" })
  expect([exitCode, asked]).toEqual([1, [expect.stringMatching(/^issue list/)]])
})

/** A runner with the artifact that a report is. */
function withReport(job: string) {
  const made = runner("release.yml", job)
  mkdirSync(join(made.folder, "report"))
  for (const name of ["summary.md", "report.html"]) writeFileSync(join(made.folder, "report", name), `${name}\n`)
  return made
}
const TAG = { GITHUB_REF_NAME: "v1.2.3" }
const UPLOAD = "release upload v1.2.3 report/report.html --clobber"

test("a version's release is made with its report, and a second run brings it up to date", async () => {
  const { run } = withReport("github-release")
  const create = "release create v1.2.3 --verify-tag --title v1.2.3 --notes-file report/summary.md"
  const edit = "release edit v1.2.3 --notes-file report/summary.md"
  expect(await run(TAG)).toMatchObject({ exitCode: 0, asked: ["release view v1.2.3", create, UPLOAD] })
  expect(await run(TAG)).toMatchObject({ exitCode: 0, asked: ["release view v1.2.3", edit, UPLOAD] })
})

test("a release whose report couldn't be uploaded gets it at the next run, and GitHub's own trouble is an error", async () => {
  const { run } = withReport("github-release")
  expect((await run({ ...TAG, GH_FAILS: "release\\ upload*" })).exitCode).toBe(1)
  expect((await run(TAG)).asked).toContain(UPLOAD)
  const { exitCode, stderr } = await withReport("github-release").run({ ...TAG, GH_FAILS: "release*" })
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("HTTP 502")])
})

test("a run's summary has no picture that isn't there, and leads to the whole report", async () => {
  const { folder, run } = withReport("report")
  const GITHUB_STEP_SUMMARY = join(folder, "summary")
  expect((await run({ GITHUB_STEP_SUMMARY, ARTIFACT: "https://x/artifacts/1" }, "SUMMARY")).exitCode).toBe(0)
  expect(readFileSync(GITHUB_STEP_SUMMARY, "utf8")).toBe("summary.md\n\n[The whole report, with its pictures](https://x/artifacts/1)\n")
  expect(releaseMarkdown(RICH)).toContain("(sizes.svg)")
  for (const release of [RICH, releaseOf()]) expect(releaseSummary(release)).not.toMatch(/!\[|<img|\.png|\.svg/)
})

test("tags are joined from what was proven, and asked for also if nothing was, so that each says what it lacks", async () => {
  const { folder, run } = runner("release.yml", "tags")
  const none = await run({})
  expect([none.exitCode, none.asked.at(-1), none.stderr]).toEqual([0, "--proven=proven/none/proven.json", ""])
  expect(parseTested([readFileSync(join(folder, "proven/none/proven.json"), "utf8")])).toEqual([])
  for (const name of ["a", "b"]) {
    mkdirSync(join(folder, "proven", name), { recursive: true })
    writeFileSync(join(folder, "proven", name, "proven.json"), "[]")
  }
  const { exitCode, asked } = await run({})
  expect([exitCode, asked.at(-2)]).toEqual([0, "join"])
  const files = asked.at(-1)?.replace("--proven=", "").split(",").sort()
  expect(files).toEqual(["a", "b", "none"].map((name) => `proven/${name}/proven.json`))
})
