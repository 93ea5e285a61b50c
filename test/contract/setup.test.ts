import { createHash } from "node:crypto"
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { parse } from "yaml"
import { clean, need, ROOT, room } from "../support/farm.ts"
import type { Step } from "../support/github.ts"

const ACTION = join(ROOT, ".github/actions/setup")
const PINNED = JSON.parse(readFileSync(join(ACTION, "pins.json"), "utf8")) as typeof PINS
const PINS = {
  version: "v9.8.7",
  cli: { linux_amd64: "" as string | null, linux_arm64: "" as string | null },
  engine: `sha256:${"e".repeat(64)}` as string | null,
}
const RELEASE = "https://github.com/dagger/dagger/releases/download/v9.8.7"
const AMD64 = { RUNNER_OS: "Linux", RUNNER_ARCH: "X64", _EXPERIMENTAL_DAGGER_RUNNER_HOST: "" }

beforeAll(() => need("jq", ["jq"]))
afterAll(clean)

/** An archive as a release has it, of a dagger that says what it is. */
async function archiveOf(says: string): Promise<string> {
  const folder = room()
  writeFileSync(join(folder, "LICENSE"), "")
  writeFileSync(join(folder, "dagger"), `#!/bin/sh\necho ${says}\n`)
  chmodSync(join(folder, "dagger"), 0o755)
  await execa("tar", ["--create", "--gzip", "--file=archive", "LICENSE", "dagger"], { cwd: folder })
  return join(folder, "archive")
}
const digestOf = (path: string) => `sha256:${createHash("sha256").update(readFileSync(path)).digest("hex")}`

/** What the action's step comes to on a runner, where curl gives one archive for whatever is asked, or fails. */
async function setUp(pins: object, archive: string, runner: Record<string, string> = AMD64) {
  const [action, bin, temp] = [room(), room(), room()]
  cpSync(ACTION, action, { recursive: true })
  writeFileSync(join(action, "pins.json"), JSON.stringify(pins))
  const curl = `#!/bin/sh\nfor word; do [ "$before" != --output ] || cp '${archive}' "$word" || exit 22; before=$word; done\necho "$word" >>'${temp}/asked'\n`
  writeFileSync(join(bin, "curl"), curl)
  chmodSync(join(bin, "curl"), 0o755)
  for (const name of ["path", "env", "asked"]) writeFileSync(join(temp, name), "")
  const { steps } = parse(readFileSync(join(action, "action.yml"), "utf8")).runs as { steps: Step[] }
  expect(steps).toHaveLength(1)
  const given = { GITHUB_ACTION_PATH: action, GITHUB_PATH: join(temp, "path"), GITHUB_ENV: join(temp, "env"), RUNNER_TEMP: temp }
  const shell = ["--noprofile", "--norc", "-eo", "pipefail", "-c", steps[0]?.run as string]
  const env = { ...given, ...runner, PATH: `${bin}:${process.env.PATH}` }
  const { exitCode, stderr } = await execa("bash", shell, { env, reject: false })
  const [path, variables, asked] = ["path", "env", "asked"].map((name) => readFileSync(join(temp, name), "utf8").trim()) as string[]
  return { exitCode, stderr, path: path as string, variables, asked, temp }
}

describe("Dagger on a runner", () => {
  test.each([
    ["X64", "linux_amd64"],
    ["ARM64", "linux_arm64"],
  ] as const)("of %s is the archive that is pinned for it, and starts the engine that is pinned", async (RUNNER_ARCH, platform) => {
    const archive = await archiveOf(platform)
    const pins = { ...PINS, cli: { ...PINS.cli, [platform]: digestOf(archive) } }
    const { exitCode, stderr, path, variables, asked, temp } = await setUp(pins, archive, { ...AMD64, RUNNER_ARCH })
    expect([exitCode, stderr, asked]).toEqual([0, "", `${RELEASE}/dagger_v9.8.7_${platform}.tar.gz`])
    expect(path).toBe(join(temp, "dagger-v9.8.7"))
    expect(readdirSync(path)).toEqual(["dagger"])
    expect((await execa(join(path, "dagger"))).stdout).toBe(platform)
    expect(variables).toBe(`_EXPERIMENTAL_DAGGER_RUNNER_HOST=image+docker://registry.dagger.io/engine:v9.8.7@${PINS.engine}`)
  })

  test("keeps the engine that the runner names", async () => {
    const archive = await archiveOf("linux_amd64")
    const pins = { ...PINS, cli: { ...PINS.cli, linux_amd64: digestOf(archive) } }
    const { exitCode, variables } = await setUp(pins, archive, {
      ...AMD64,
      _EXPERIMENTAL_DAGGER_RUNNER_HOST: "unix:///run/dagger/engine.sock",
    })
    expect([exitCode, variables]).toEqual([0, ""])
  })

  test("is no other archive: one line says so, and nothing of it is there", async () => {
    const [archive, other] = [await archiveOf("pinned"), await archiveOf("other")]
    const pins = { ...PINS, cli: { ...PINS.cli, linux_amd64: digestOf(archive) } }
    const { exitCode, stderr, path, variables, temp } = await setUp(pins, other)
    expect([exitCode, path, variables]).toEqual([1, "", ""])
    expect(stderr).toBe(
      `::error::dagger_v9.8.7_linux_amd64.tar.gz: expected ${digestOf(archive)}, got ${digestOf(other)}; that isn't what was pinned: don't run it, and find out who published it`,
    )
    expect(existsSync(join(temp, "dagger-v9.8.7/dagger"))).toBe(false)
  })

  test.each([
    [
      "the CLI",
      { ...PINS, cli: { ...PINS.cli, linux_amd64: null } },
      `.cli.linux_amd64: expected sha256: with 64 hexadecimal digits, got null; ${RELEASE}/checksums.txt has it`,
    ],
    [
      "the engine",
      { ...PINS, cli: { ...PINS.cli, linux_amd64: PINS.engine }, engine: null },
      ".engine: expected sha256: with 64 hexadecimal digits, got null; `docker buildx imagetools inspect registry.dagger.io/engine:v9.8.7` has it",
    ],
  ])("is refused where nobody pinned %s, and nothing is fetched", async (_, pins, says) => {
    const { exitCode, stderr, path, variables, asked } = await setUp(pins, "/nowhere")
    expect([exitCode, stderr, path, variables, asked]).toEqual([1, `::error::pins.json: ${says}`, "", "", ""])
  })

  test.each([
    [{ RUNNER_OS: "macOS", RUNNER_ARCH: "ARM64" }, "macOS on ARM64"],
    [{ RUNNER_OS: "Linux", RUNNER_ARCH: "ARM" }, "Linux on ARM"],
  ])("of %j is refused, as none is pinned", async (runner, got) => {
    const { exitCode, stderr } = await setUp(PINNED, "/nowhere", runner)
    expect([exitCode, stderr]).toEqual([
      1,
      `::error::runs-on: expected Linux on X64 or ARM64, which pins.json has Dagger's CLI for, got ${got}`,
    ])
  })

  test("that doesn't come ends the job", async () => {
    const { exitCode, stderr, path } = await setUp(PINNED, "/nowhere")
    expect([exitCode, path]).toEqual([1, ""])
    expect(stderr.split("\n").at(-1)).toMatch(/^::error::https:\S+ did not come whole; run the job again$/)
  })
})
