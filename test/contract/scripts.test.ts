import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"
import { callProblems } from "./calls.ts"

// A copy in which dagger notes what it was asked, and answers as the farm does.
const folder = mkdtempSync(join(tmpdir(), "helios-scripts-"))
const log = join(folder, "log")
const COUNTS = "13 passed, 0 failed, 0 skipped"
const DAGGER = `for word; do
  printf '%s\\n' "$word"
  case $word in
    --output=*) mkdir -p "\${word#*=}" && echo "$COUNTS" >"\${word#*=}/smoke.txt" ;;
    publish) echo registry/desk:1@sha256:0 >&3 ;;
  esac
done 3>&1 >>"${log}"
echo >>"${log}"`

beforeAll(() => {
  mkdirSync(join(folder, "bin"))
  writeFileSync(join(folder, "bin/dagger"), `#!/bin/sh\n${DAGGER}\n`)
  chmodSync(join(folder, "bin/dagger"), 0o755)
  cpSync(join(ROOT, "examples"), join(folder, "examples"), { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a line there: how it ended, and the words of each call, that no version of the farm would refuse. */
async function calls(line: string, env: Record<string, string> = {}, cwd = ".") {
  writeFileSync(log, "")
  const PATH = `${join(folder, "bin")}:${process.env.PATH}`
  const given = {
    COUNTS,
    STALE: '[{"distro":"review"}]',
    DAGGER: "dagger",
    GITHUB_ACTIONS: "",
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
    const { asked, stdout, exitCode } = await calls("examples/shell/extend bookworm registry/desk:1", kvdi)
    expect([exitCode, stdout]).toEqual([0, "registry/desk:1@sha256:0"])
    const [build = [], smoke] = asked
    expect(build.slice(0, 6)).toEqual([...at, "build", "--distro=bookworm", "--profile=kvdi", "with-exec"])
    expect(build.slice(-2)).toEqual(["publish", "--address=registry/desk:1"])
    expect(smoke).toEqual([...at, "smoke", "--distro=bookworm", "--profile=kvdi", "--container=registry/desk:1@sha256:0", "verify"])
  })

  test("report goes on after a distro that doesn't keep a promise, and fails", async () => {
    const line = "examples/shell/report out bookworm trixie"
    expect(await calls(line, kvdi)).toMatchObject({ exitCode: 0, stdout: `bookworm: ${COUNTS}\ntrixie: ${COUNTS}` })
    const { asked, stderr, exitCode } = await calls(line, { COUNTS: "12 passed, 1 failed, 0 skipped" })
    expect([exitCode, stderr]).toEqual([1, "not every promise is kept by bookworm trixie"])
    expect(asked.map((words) => words.at(-1))).toEqual(["--output=out/bookworm", "--output=out/trixie"])
  })
})
