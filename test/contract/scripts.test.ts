import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { matrix } from "../../src/core/catalog/matrix.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { farm, pins, ROOT } from "../support/catalog.ts"
import { need } from "../support/farm.ts"
import { linesOf, STUDIO_WORKFLOW } from "../support/github.ts"
import { callProblems } from "./calls.ts"

// A copy in which dagger notes what it was asked, and answers as the farm does.
const folder = mkdtempSync(join(tmpdir(), "helios-scripts-"))
const log = join(folder, "log")
const COUNTS = "13 passed, 0 failed, 0 skipped"
const DAGGER = `for word; do
  printf '%s\\n' "$word"
  case $word in
    --output=*) mkdir -p "\${word#*=}" && echo "$COUNTS" >"\${word#*=}/smoke.txt" ;;
    stale) echo "$STALE" >&3 ;;
    publish) echo registry/desk:1@sha256:0 >&3 ;;
  esac
done 3>&1 >>"${log}"
echo >>"${log}"`
const GIT =
  "case $1 in symbolic-ref) echo refs/heads/main ;; show) echo 2026-11-25T21:00:00+01:00 ;; *) echo 0123456789abcdef0123456789abcdef01234567 ;; esac"

beforeAll(async () => {
  await need("jq", ["jq"])
  mkdirSync(join(folder, "bin"))
  for (const [name, body] of Object.entries({ dagger: DAGGER, git: GIT })) {
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(folder, "bin", name), 0o755)
  }
  cpSync(join(ROOT, "examples"), join(folder, "examples"), { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a line there: how it ended, and the words of each call, that no version of the farm would refuse. */
async function calls(line: string, env: Record<string, string> = {}, cwd = "examples/studio") {
  writeFileSync(log, "")
  const PATH = `${join(folder, "bin")}:${process.env.PATH}`
  const given = {
    COUNTS,
    STALE: '[{"distro":"review"}]',
    DAGGER: "dagger",
    GITHUB_ACTIONS: "",
    GITHUB_REF: "",
    PROFILE: "",
    MIRROR: "",
    HELIOS: "",
    ...env,
    PATH,
  }
  const { stdout, stderr, exitCode } = await execa("bash", ["-c", line], { cwd: join(folder, cwd), env: given, reject: false })
  const asked = readFileSync(log, "utf8")
    .split("\n\n")
    .filter(Boolean)
    .map((words) => words.trim().split("\n"))
  for (const [command, ...words] of asked) expect([command, ...callProblems(words)]).toEqual(["call"])
  return { asked: asked.map(([, ...words]) => words), stdout, stderr, exitCode }
}

const kvdi = { PROFILE: "kvdi", MIRROR: "git://HOST/a b" }

describe("examples/shell", () => {
  const at = [`--mod=${folder}`, "--mirror=git://HOST/a b"]

  test("extend proves what it has pushed", async () => {
    const { asked, stdout, exitCode } = await calls("examples/shell/extend bookworm registry/desk:1", kvdi, ".")
    expect([exitCode, stdout]).toEqual([0, "registry/desk:1@sha256:0"])
    const [build = [], smoke] = asked
    expect(build.slice(0, 6)).toEqual([...at, "build", "--distro=bookworm", "--profile=kvdi", "with-exec"])
    expect(build.slice(-2)).toEqual(["publish", "--address=registry/desk:1"])
    expect(smoke).toEqual([...at, "smoke", "--distro=bookworm", "--profile=kvdi", "--container=registry/desk:1@sha256:0", "verify"])
  })

  test("report goes on after a distro that doesn't keep a promise, and fails", async () => {
    const line = "examples/shell/report out bookworm trixie"
    expect(await calls(line, kvdi, ".")).toMatchObject({ exitCode: 0, stdout: `bookworm: ${COUNTS}\ntrixie: ${COUNTS}` })
    const { asked, stderr, exitCode } = await calls(line, { COUNTS: "12 passed, 1 failed, 0 skipped" }, ".")
    expect([exitCode, stderr]).toEqual([1, "not every promise is kept by bookworm trixie"])
    expect(asked.map((words) => words.at(-1))).toEqual(["--output=out/bookworm", "--output=out/trixie"])
  })
})

describe("examples/studio", () => {
  const HELIOS = "--mod=github.com/helios-desktops/helios@v0.1.0"
  const release = { REPOSITORY: "registry/studio", STALE: '[{"distro":"review"},{"distro":"review"}]' }
  const github = {
    ...{ GITHUB_ACTIONS: "true", GITHUB_ACTOR: "somebody", GITHUB_REF: "refs/tags/v1.2.3", GITHUB_REPOSITORY: "a.b/c" },
    ...{ ACTIONS_ID_TOKEN_REQUEST_URL: "https://token", ...release },
  }
  const verbs = (asked: string[][]) => asked.map((words) => words.at(-1))
  const after = (words: string[] = [], word: string) => words.slice(words.indexOf(word) + 1)

  test("its distros are planned: on those that they extend, with packages of their own, for one platform", () => {
    const names = ["paint", "review"]
    const texts = names.map((name): [string, string] => {
      const path = `${name}/distro.json`
      return [path, readFileSync(join(ROOT, "examples/studio/distros", path), "utf8")]
    })
    const catalog = farm(Object.fromEntries(texts))
    const plans = matrix(catalog)
      .filter(({ distro }) => names.includes(distro))
      .map((cell) => plan(catalog, pins(), cell))
    expect(plans.map(({ distro, profile, init, platform, base }) => `${distro} ${profile} ${init} ${platform} ${base.image}`)).toEqual([
      "paint helios s6 linux/amd64 debian:bookworm-slim",
      "paint kvdi supervisord linux/amd64 debian:bookworm-slim",
      "review kvdi supervisord linux/amd64 debian:trixie-slim",
    ])
    expect(plans.map(({ packages }) => packages.filter((name) => ["gpick", "mtpaint", "ristretto"].includes(name)))).toEqual([
      ["gpick", "mtpaint"],
      ["gpick", "mtpaint"],
      ["ristretto"],
    ])
  })

  test("helios takes the studio's distros, in one version", async () => {
    const { asked } = await calls("./helios distros summary")
    expect(asked).toEqual([[HELIOS, "--distros=distros", "distros", "summary"]])
  })

  test("release publishes what is stale alone, and verifies all", async () => {
    const { asked, exitCode } = await calls("./release", release)
    expect([exitCode, verbs(asked)]).toEqual([0, ["stale", "publish", "verify"]])
    expect(asked.map((words) => after(words, "only")[0])).toEqual(["--distro=paint,review", "--distro=review", "--distro=paint,review"])
    expect(after(asked[1], "with-signing")).toEqual(["--key=file:cosign.key", "--passphrase=env:COSIGN_PASSWORD", "publish"])
    expect(after(asked[2], "with-signing")).toEqual(["--public-key=cosign.pub", "verify"])
    const made = "--created=2026-11-25T21:00:00+01:00"
    for (const words of asked)
      expect(words).toEqual(expect.arrayContaining([made, "--ref=refs/heads/main", "--repository=registry/studio"]))
  })

  test("release publishes nothing if nothing is stale", async () => {
    const { asked, stdout } = await calls("./release", { ...release, STALE: "[]" })
    expect([verbs(asked), stdout]).toEqual([["stale", "verify"], "Every tag is up to date."])
  })

  test("release signs in a workflow of GitHub's by that", async () => {
    const { asked } = await calls("./release", github)
    const identity =
      "--identity=^https://github\\.com/a\\.b/c/\\.github/workflows/desktops\\.yml@refs/(heads/(main|testing)|tags/v[0-9.]+)$"
    const token = ["--oidc-url=https://token", "--oidc-token=env:ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
    expect(after(asked[1], "with-signing")).toEqual([identity, ...token, "publish"])
    expect(after(asked[2], "with-signing")).toEqual([identity, "verify"])
    for (const words of asked)
      expect(words).toEqual(expect.arrayContaining(["--ref=refs/tags/v1.2.3", "--username=somebody", "--password=env:TOKEN"]))
  })

  test.each(linesOf(STUDIO_WORKFLOW))("its workflow's job %s calls the farm: %s", async (_, line) => {
    const { asked, exitCode } = await calls(line, { ...github, DISTRO: "review" })
    expect([exitCode, asked.length > 0]).toEqual([0, true])
  })
})
