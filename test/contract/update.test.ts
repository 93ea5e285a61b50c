import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, expect, test } from "vitest"
import { markdown, tested } from "../../src/core/sources/changes.ts"
import { lock } from "../../src/core/sources/lock.ts"
import { clean, need, ROOT, room } from "../support/farm.ts"
import { gitIn } from "../support/git.ts"
import { linesOf } from "../support/github.ts"

const PROGRAM = ".github/update-tools.sh"
const TOOLS = "common/tools.json"
const LOCK = "sources.lock.json"
const PLAN = "test/unit/plans/bookworm.json"
const DIGESTS = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string]
const COMMITS = ["c", "d"].map((digit) => digit.repeat(40)) as [string, string]

beforeAll(() => need("jq", ["jq"]))
afterAll(clean)

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
const images = (cosign = "v3.1.3", syft = "v1.57.1") => ({
  cosign: `ghcr.io/sigstore/cosign/cosign:${cosign}`,
  syft: `anchore/syft:${syft}`,
})
const locked = (digest: string | null, commit: string, tools = images()) => [
  { image: tools.syft, digest },
  { image: "debian:bookworm-slim", digest },
  { name: "execline", repo: "https://github.com/skarnet/execline", ref: "v2.9.7.0", commit },
  { image: tools.cosign, digest },
]

/** A release as GitHub lists it, so many days after it was published. */
const release = (tag_name: string, days: number, more: object = {}) => ({
  tag_name,
  published_at: new Date(Date.now() - days * 86_400_000).toISOString().replace(/\.\d+Z$/, "Z"),
  draft: false,
  prerelease: false,
  ...more,
})

// A gh that lists releases by their repository's name, and notes how it was called. A dagger that has newer pins, and tells what was prepared.
const GH = `printf '%s\\n' "$*" >>"$STATE/asked"
case $1-$2 in
  api-*) name=\${2#repos/} && cat "$STATE/\${name%%/releases*}.json" ;;
  pr-list) echo "$OPEN" ;;
esac`
const DAGGER = `case $* in
  'call -y sources update --images') sed --in-place 's/null/"${DIGESTS[1]}"/; s/${DIGESTS[0]}/${DIGESTS[1]}/; s/${COMMITS[0]}/${COMMITS[1]}/' ${LOCK} ;;
  'call sources changes --since=before.json --reports=reports --output=text.md') cp "$STATE/changes" text.md ;;
  'call sources outdated') echo '0 of 1 upstreams have something newer' ;;
  *) exit 64 ;;
esac`

/** A repository with those pins, and what runs in it as GitHub would, with a GitHub of the test's. */
function repository(releases: Record<string, object[]> = {}) {
  const [folder, state, bin] = [room(), room(), room()]
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const read = (path: string) => readFileSync(join(folder, path), "utf8")
  write(TOOLS, `{\n  "images": ${JSON.stringify(images())},\n  "packages": { "short": ["one"] }\n}\n`)
  write(LOCK, json(locked(DIGESTS[0], COMMITS[0])))
  for (const path of ["docs/data/digests.tsv", PLAN, "src/index.ts"]) write(path, "it\n")
  cpSync(join(ROOT, PROGRAM), join(folder, PROGRAM))
  for (const [name, program] of Object.entries({ gh: GH, dagger: DAGGER })) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${program}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  for (const name of ["sigstore/cosign", "anchore/syft"]) {
    mkdirSync(dirname(join(state, name)), { recursive: true })
    writeFileSync(join(state, `${name}.json`), JSON.stringify(releases[name] ?? []))
  }
  const run = async (line: string, more: Record<string, string> = {}, cwd = folder) => {
    for (const name of ["asked", "output"]) writeFileSync(join(state, name), "")
    const env = { STATE: state, GITHUB_OUTPUT: join(state, "output"), GITHUB_STEP_SUMMARY: join(state, "summary"), ...more }
    const options = { cwd, env: { ...env, PATH: `${bin}:${process.env.PATH}` }, reject: false } as const
    const { exitCode, stderr } = await execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", line], options)
    return { exitCode, stderr, asked: readFileSync(join(state, "asked"), "utf8"), said: readFileSync(join(state, "output"), "utf8") }
  }
  return { folder, state, read, write, run }
}

const lines = linesOf("update.yml")
const lineOf = (text: string) => lines.find(([, line]) => line.includes(text))?.[1] as string

test("a tool's newest release is taken once it has been out for a week; no draft, no beta, nothing else and none before what is pinned", async () => {
  const { read, run } = repository({
    "sigstore/cosign": [release("v3.2.0", 6), release("v3.1.10", 8), release("v3.1.9", 30)],
    "anchore/syft": [
      release("v1.99.0", 9, { draft: true }),
      release("v1.98.0", 9, { prerelease: true }),
      release("v1.97.0-rc.1", 9),
      release("v1.96.0\nv1.96.0", 9),
      release("v1.95.0$(id)", 9),
      release("nightly", 9),
      release("v1.57.0", 90),
    ],
  })
  const before = read(TOOLS)
  const { exitCode, stderr, asked } = await run(PROGRAM)
  expect([exitCode, stderr]).toEqual([0, ""])
  expect(asked).toBe("api repos/sigstore/cosign/releases?per_page=100\napi repos/anchore/syft/releases?per_page=100\n")
  expect(read(TOOLS)).toBe(before.replace("v3.1.3", "v3.1.10"))
  const [syft, debian, execline, cosign] = locked(DIGESTS[0], COMMITS[0], images("v3.1.10"))
  expect(read(LOCK)).toBe(json([syft, debian, execline, { ...cosign, digest: null }]))
})

test("nothing newer leaves both files as they were, and a GitHub that doesn't answer is an error", async () => {
  const { read, run, state } = repository({ "sigstore/cosign": [release("v3.1.3", 99)] })
  const before = [TOOLS, LOCK].map(read)
  expect((await run(PROGRAM)).exitCode).toBe(0)
  expect([TOOLS, LOCK].map(read)).toEqual(before)
  writeFileSync(join(state, "anchore/syft.json"), '{"message": "Not Found"}')
  expect((await run(PROGRAM)).exitCode).not.toBe(0)
  expect([TOOLS, LOCK].map(read)).toEqual(before)
})

test("the tools that are images are released by the repositories that their names say", async () => {
  const { run, write, state } = repository()
  write(TOOLS, readFileSync(join(ROOT, TOOLS), "utf8"))
  writeFileSync(join(state, "anchore/grype.json"), "[]")
  const { exitCode, asked } = await run(PROGRAM)
  expect(exitCode).toBe(0)
  expect(asked.match(/(?<=repos\/)\S+(?=\/releases)/g)).toEqual(["sigstore/cosign", "anchore/grype", "anchore/syft"])
})

test("an update is a branch with a new lock and a pull request that says what moved, what the tests came to and what stays", async () => {
  const { folder, state, read, write, run } = repository({ "anchore/syft": [release("v1.58.0", 8)] })
  const origin = room()
  const git = gitIn(folder)
  await git("init", "--quiet", "--initial-branch=main")
  await git("remote", "add", "origin", origin)
  await git("add", "--all")
  await git("commit", "--quiet", "--message=before")
  await execa("git", ["clone", "--quiet", "--bare", folder, origin])
  const before = lock(read(LOCK))
  const done = async (text: string, more: Record<string, string> = {}, cwd?: string) => {
    const ran = await run(lineOf(text), { BRANCH: "update-sources", GITHUB_REF_NAME: "main", OPEN: "0", ...more }, cwd)
    expect([ran.exitCode, ran.stderr], text).toEqual([0, ""])
    return ran
  }

  expect((await done("git diff")).said).toBe("")
  await done("update-tools")
  await done("sources update")
  // What vitest writes, and what a package of npm's would like to.
  write(PLAN, "newer\n")
  write("src/index.ts", "forged\n")
  expect((await done("git diff")).said).toBe("newer=true\n")
  const forged = (await execa("git", ["diff", "--", "src"], { cwd: folder })).stdout
  write("update.patch", `${read("update.patch")}${forged}\n`)

  const other = room()
  await execa("git", ["clone", "--quiet", origin, other])
  const { said } = await done("git push", { UPDATE: join(folder, "update.patch") }, other)
  const commit = await gitIn(other)("rev-parse", "HEAD")
  expect(said).toBe(`commit=${commit}\n`)
  expect(await git("ls-remote", origin, "refs/heads/update-sources")).toContain(commit)
  expect((await gitIn(other)("show", "--name-only", "--format=", "HEAD")).split("\n")).toEqual([TOOLS, LOCK, PLAN])

  const after = lock(readFileSync(join(other, LOCK), "utf8"))
  const cell = { distro: "bookworm", profile: "kvdi", init: "supervisord", platform: "linux/amd64" }
  const summaries = new Map([["bookworm-kvdi-supervisord-amd64", "kept\n\n48 passed, 0 failed, 0 skipped\n"]])
  const results = tested([cell, { ...cell, platform: "linux/arm64" }], summaries)
  writeFileSync(join(state, "changes"), `${markdown(before, after, new Map([["execline", 3]]))}\n${results}`)
  await done("sources changes", { CHECK: "failure", RUN: "https://github.com/owner/helios/actions/runs/1" }, other)
  await expect(readFileSync(join(other, "text.md"), "utf8")).toMatchFileSnapshot("update.md")
  const asked = async (OPEN: string) => (await done("gh pr", { OPEN }, other)).asked.trim().split("\n").at(-1)
  expect(await asked("0")).toBe(
    "pr create --head update-sources --base main --title The newest upstreams, bases and tools --body-file text.md",
  )
  expect(await asked("1")).toBe("pr edit update-sources --body-file text.md")
})

test("the line that writes snapshots anew ends with --update, which takes the word after it for its value", () => {
  const line = linesOf("update.yml").find(([, text]) => text.includes("vitest"))?.[1]
  expect(line).toMatch(/ vitest run unit\/plan contract\/digests [^\n#]*--update( #|\n|$)/)
})
