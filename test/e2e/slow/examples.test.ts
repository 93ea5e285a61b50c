import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { committed, PATH, ran } from "../../support/examples.ts"
import { call, clean, MINUTE, MIRROR, NO_MIRROR, need, promisesOf, REGISTRY, ROOT, room } from "../../support/farm.ts"
import { asRunner, linesOf, STUDIO_WORKFLOW } from "../../support/github.ts"
import { digests } from "../../support/releases/registry.ts"
import { makeTrust, type Trust } from "../../support/releases/released.ts"
import { database } from "../../support/releases/trust.ts"

const { inCopy } = (await import(join(ROOT, "test/bench/copy.mjs"))) as { inCopy: <T>(work: (copy: string) => Promise<T>) => Promise<T> }

afterAll(clean)

/** How the summary of a smoke test ends in which every promise was kept. */
const kept = (profile: string, init: string) => RegExp(`^${promisesOf(profile, init).length} passed, 0 failed, 0 skipped$`, "m")
const KVDI = kept("kvdi", "supervisord")
const HELIOS = kept("helios", "s6")

describe("a module in TypeScript that depends on the farm", () => {
  test("lists what the farm builds", async () => {
    expect(await ran("dagger/run call --mod=examples/typescript desktops")).toBe(await call(["distros", "summary"]))
  })

  test("proves an image of its own: a VNC server", async () => {
    expect(await ran("dagger/run call --mod=examples/typescript --profile=kvdi smoke --distro=bookworm")).toMatch(KVDI)
  })

  test.skipIf(!MIRROR)(`and a desktop in the browser${MIRROR ? "" : `, ${NO_MIRROR}`}`, async () => {
    const line = "dagger/run call --mod=examples/typescript smoke --distro=bookworm"
    expect(await ran(line.replace(" smoke", ` --mirror=${MIRROR}$&`))).toMatch(HELIOS)
  })

  test("which has what it added", async () => {
    const container = ["--mod=examples/typescript", "--profile=kvdi", "container", "--distro=bookworm"]
    expect(await call([...container, "with-exec", "--args=dpkg-query,--show,gpick", "stdout"])).toMatch(/^gpick\t\d/)
  })
})

test("a repository that has the farm as a toolchain can call it, and gets no check of it", async () => {
  const theirs = room()
  await inCopy(async (copy) => cpSync(copy, join(theirs, "helios"), { recursive: true, verbatimSymlinks: true }))
  const { engineVersion } = JSON.parse(readFileSync(join(ROOT, "dagger.json"), "utf8"))
  const toolchains = [{ name: "helios", source: "helios" }]
  writeFileSync(join(theirs, "dagger.json"), JSON.stringify({ name: "theirs", engineVersion, toolchains }))
  await committed(theirs)
  const said = (args: string) => ran(`cd '${theirs}' && '${ROOT}/dagger/run' ${args}`)
  expect(await said("call helios version")).toBe(await call(["version"]))
  expect(await said("check --list")).not.toContain("helios")
})

describe("scripts that call the farm", () => {
  test("push an image of their own, and prove what the registry has", async () => {
    const [pushed, ...summary] = (await ran("PROFILE=kvdi examples/shell/extend bookworm registry/desk:1")).split("\n")
    expect(pushed).toMatch(RegExp(`^${REGISTRY}/${PATH}/desk:1@sha256:[0-9a-f]{64}$`))
    expect(summary.join("\n")).toMatch(KVDI)
  })

  test("leave the reports of smoke tests", async () => {
    expect(await ran("PROFILE=kvdi examples/shell/report report bookworm")).toMatch(/^bookworm: \d+ passed, 0 failed, 0 skipped$/)
    for (const name of ["smoke.html", "smoke.xml", "smoke.json", "desktop.png"])
      expect(existsSync(join(ROOT, "report/bookworm", name)), name).toBe(true)
  })
})

describe.sequential("a repository of somebody who uses the farm", { timeout: 90 * MINUTE }, () => {
  const studio = join(room(), "studio")
  const repository = `${PATH}/studio/helios-kvdi`
  let trust: Trust
  let commit: string
  let instead: Record<string, string[]>

  beforeAll(async () => {
    await need("jq", ["jq"])
    trust = await makeTrust()
    cpSync(join(ROOT, "examples/studio"), studio, { recursive: true })
    cpSync(trust.key, join(studio, "cosign.key"))
    cpSync(trust.pub, join(studio, "cosign.pub"))
    commit = await committed(studio)
    // A container reaches the local registry through a tunnel alone, and the tools lie there.
    const local = ["with-tools", `--local=tcp://${REGISTRY}`]
    const tools = [...local, ...trust.using, `--database=${await database([])}`]
    instead = { "with-signing": [...tools, "with-signing"], stale: [...local, "stale"] }
  }, 40 * MINUTE)

  /** Runs a line of its page or its workflow there, on Helios as it is in this checkout. */
  const there = async (line: string, more: Record<string, string> = {}) => {
    const env = { HELIOS: ROOT, COSIGN_PASSWORD: process.env.HELIOS_TEST_PASSPHRASE as string, ...more }
    const { exitCode, all } = await asRunner(line.replaceAll(/\bregistry\//g, `${REGISTRY}/${PATH}/`), env, studio, instead)
    expect(exitCode, all).toBe(0)
    return all
  }

  test("is one of its own, with no file that git doesn't have but the key", async () => {
    const { stdout } = await execa("git", ["status", "--porcelain", "--ignored"], { cwd: studio })
    expect(stdout).toBe("!! cosign.key")
  })

  test("builds its distros beside the farm's", async () => {
    const said = await there("./helios distros summary")
    for (const row of [/^bookworm +helios /m, /^paint +helios /m, /^paint +kvdi /m, /^review +kvdi /m]) expect(said).toMatch(row)
  })

  test("proves them", async () => {
    expect(await there("./helios smoke --distro=review verify")).toMatch(KVDI)
    expect(await there("./helios build --distro=review file --path=/etc/xdg/mimeapps.list contents")).toContain(
      "org.xfce.ristretto.desktop",
    )
    expect(await there("./helios image --distro=paint --profile=kvdi packages")).toMatch(/^mtpaint \S+ amd64$/m)
  })

  test("proves them by what its workflow runs for a pull request", async () => {
    const lines = linesOf(STUDIO_WORKFLOW).filter(([job]) => job === "smoke")
    expect(lines).toHaveLength(1)
    for (const [, line] of lines) expect(await there(line, { DISTRO: "review" })).toMatch(KVDI)
  })

  test("releases them, signed and verified, under its commit", async () => {
    const said = await there("REPOSITORY=registry/studio PROFILE=kvdi ./release")
    expect(said).toMatch(/2 published, 0 unchanged, 0 failed/)
    expect(said).toMatch(/2 verified, 0 failed/)
    const tags = [...(await digests(repository)).keys()].filter((tag) => !tag.startsWith("sha256-"))
    const stamp = `\\d{8}T\\d{6}Z-${commit.slice(0, 12)}`
    expect(tags.sort()).toEqual(
      ["paint", "review"].flatMap((name) => [`unstable-${name}`, expect.stringMatching(RegExp(`^unstable-${name}-${stamp}$`))]),
    )
  })

  test("and builds none of them again as long as nothing is newer", async () => {
    const before = await digests(repository)
    expect(await there("REPOSITORY=registry/studio PROFILE=kvdi ./release")).toContain("Every tag is up to date.")
    expect(await digests(repository)).toEqual(before)
  })

  test.skipIf(!MIRROR)(`and the one in the browser${MIRROR ? "" : `, ${NO_MIRROR}`}`, async () => {
    const said = await there("REPOSITORY=registry/studio PROFILE=helios ./release", { MIRROR: MIRROR as string })
    expect(said).toMatch(/1 published, 0 unchanged, 0 failed/)
  })
})
