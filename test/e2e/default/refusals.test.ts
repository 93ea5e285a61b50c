import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import pLimit from "p-limit"
import { describe, expect, test } from "vitest"
import { distroNames } from "../../support/catalog.ts"
import { call, failures, farm, promisesOf, ROOT, refusedLine, smoke } from "../../support/farm.ts"

const FIXTURES = "test/fixtures"

const namesIn = (folder: string) => readdirSync(join(ROOT, folder)).filter((name) => !name.startsWith("_"))
const DISTROS = distroNames()
const FAMILIES = namesIn("distros/_families").join(", ")
const NO_DISTRO = `no such distro; expected one of ${DISTROS.join(", ")}`

const BUILD_MINE = ["build", "--distro=mine", "--profile=kvdi", "sync"]

const limit = pLimit(2)

/** What a refused call said, in its one line. */
async function refusal(args: string[]): Promise<string> {
  const result = await limit(() => farm(["call", ...args], 5))
  expect(result.stderr, "nothing was built").not.toMatch(/withExec|apt-get|exec /)
  return refusedLine(result)
}

describe.concurrent("a name that is none is answered with those that are", () => {
  test.each([
    ["--distro=nope", ["build", "--distro=nope"], NO_DISTRO],
    ["--distro=../x", ["build", "--distro=../x"], NO_DISTRO],
    ["--profile=helios", ["build", "--distro=arch", "--profile=helios"], "arch has no such profile; expected one of kvdi"],
    ["--init=systemd", ["build", "--distro=bookworm", "--init=systemd"], "bookworm has no such init; expected one of s6"],
    [
      "--platform=linux/riscv64",
      ["build", "--distro=sid", "--platform=linux/riscv64"],
      "no such platform; expected one of linux/amd64, linux/arm64",
    ],
    [
      "--name=nope",
      ["stage", "--name=nope", "--distro=sid", "--profile=kvdi", "entries"],
      "no such stage; expected one of gateway, lab, packages, rootfs",
    ],
    ["--distro=nope", ["smoke", "--distro=nope", "json"], NO_DISTRO],
    ["--as-of=yesterday", ["--as-of=yesterday", "plan", "--distro=bookworm"], "expected a date such as 2026-11-23"],
    ["--distro=nope", ["desktop", "--distro=nope", "up"], NO_DISTRO],
    [
      "--init=systemd",
      ["desktop", "--distro=bookworm", "--profile=kvdi", "--init=systemd", "up"],
      "Dagger gives a desktop no cgroup to write to; take another init, or run the image with podman",
    ],
    [
      "--password",
      ["desktop", "--distro=bookworm", "--profile=kvdi", "--password=cmd:printf 1234567", "up"],
      "expected 8 to 128 bytes, got 7; leave it out and dagger/run makes one",
    ],
    [
      "--password",
      ["image", "--distro=bookworm", "service", "--password=cmd:printf '1234567\\n8'", "up"],
      "expected characters that can be typed, got a control character, such as a newline",
    ],
  ])("%s: %j", async (flag, args, says) => {
    expect(await refusal(args)).toBe(`${flag}: ${says}`)
  })

  test("a desktop without a password, where dagger/run makes none", async () => {
    const { exitCode, stderr } = await limit(() => farm(["call", "desktop", "--distro=bookworm", "--profile=kvdi", "endpoint"], 5))
    expect(exitCode).not.toBe(0)
    expect(stderr).toMatch(/^Error: required flag\(s\) "password" not set/m)
  })

  test("--only=nope", async () => {
    const line = await refusal(["smoke", "--distro=bookworm", "--profile=kvdi", "--only=socket,nope", "json"])
    expect(line).toBe(`--only=nope: no such promise; expected one of ${promisesOf("kvdi", "supervisord").join(", ")}`)
  })
})

describe.concurrent("a folder of distros that is broken is refused", () => {
  test.each([
    ["bad-json", /^distros\/mine\/distro\.json: expected JSON, got .*(position|property name)/],
    ["bad-type", /^distros\/mine\/distro\.json: profiles\.kvdi\.budget: expected number, got "600"$/],
    ["bad-missing", /^distros\/mine\/distro\.json: base: expected string, got nothing$/],
    ["bad-field", /^distros\/mine\/distro\.json: the file: unknown field "pakages"$/],
    ["bad-name", /^distros\/mine\/distro\.json: name: expected "mine" like its folder, got "yours"$/],
    ["bad-two-families", /^distros\/mine\/distro\.json: family: expected "debian" like bookworm, which it extends, got "suse"$/],
    ["bad-cycle", /^distros\/(mine|yours)\/distro\.json: extends: expected no cycle, got (mine → yours → mine|yours → mine → yours)$/],
    ["bad-extends", RegExp(`^distros/mine/distro\\.json: extends: expected one of ${[...DISTROS, "mine"].sort().join(", ")}, got "nope"$`)],
    ["bad-package", /^distros\/mine\/distro\.json: packages\.desktop\.add\[0\]: expected a package name, got "xterm; touch \/pwned"$/],
    ["bad-option", /^distros\/mine\/distro\.json: packages\.desktop\.add\[0\]: expected a package name, got "--allow-unauthenticated"$/],
    [
      "bad-role",
      /^distros\/mine\/distro\.json: packages\.games: expected a role of debian: audio, components, desktop, .*helios, init-s6, .*vnc$/,
    ],
    ["bad-family", RegExp(`^distros/mine/distro\\.json: family: expected one of ${FAMILIES}, got "gentoo"$`)],
    ["bad-init", /^distros\/mine\/distro\.json: profiles\.kvdi\.inits\[0\]: expected one of supervisord, systemd, got "openrc"$/],
    ["bad-platform", /^distros\/mine\/distro\.json: platforms\[0\]: expected one of linux\/amd64, linux\/arm64, got "linux\/riscv64"$/],
  ])("%s", async (folder, says) => {
    expect(await refusal([`--distros=${FIXTURES}/${folder}`, "build", "--distro=mine"])).toMatch(says)
  })
})

describe.concurrent("what a distro of one's own may not be", () => {
  test("one that shadows the farm's", async () => {
    expect(await refusal([`--distros=${FIXTURES}/bad-shadow`, "build", "--distro=bookworm"])).toBe(
      "--distros: distros/bookworm is the farm's own; give yours another name, and let it extend that one",
    )
  })

  test("one past its end", async () => {
    expect(await refusal([`--distros=${FIXTURES}/bad-eol`, "build", "--distro=mine"])).toBe(
      "--distro=mine: Debian 8 (jessie) got its last fixes on 2020-06-30; take another, or extend it by a distro of your own with a later eol if you get fixes elsewhere",
    )
  })

  test.each(["kvdi", "helios"])("one with a base that no registry has: nothing is compiled for its %s image", async (profile) => {
    expect(await refusal([`--distros=${FIXTURES}/bad-base`, "build", "--distro=mine", `--profile=${profile}`, "sync"])).toBe(
      "mine: no registry gave its base image debian:no-such-tag (docker.io/library/debian:no-such-tag: not found); " +
        "run it with an engine that reaches one which has it: the engine that dagger/run builds makes Debian's own bases and no others",
    )
  })

  test("one with a package that its archive lacks", async () => {
    const { exitCode, stderr } = await farm(["call", `--distros=${FIXTURES}/bad-gone`, ...BUILD_MINE], 5)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^Error: mine: the packages of mine could not be installed: Unable to locate package no-such-package/m)
  })

  test.each([
    ["bad-key", /expected the key 9{40}, got [0-9A-F]{40}( [0-9A-F]{40})*/],
    ["bad-key-address", /http:\/\/127\.0\.0\.1:9\/key\.asc.*refused/],
  ])("one with a key that is not to be trusted: %s", async (folder, says) => {
    const { exitCode, stderr } = await farm(["call", `--distros=${FIXTURES}/${folder}`, ...BUILD_MINE], 5)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(says)
    expect(stderr, "none of its packages").not.toContain("xfwm4")
  })
})

describe("a distro of one's own", () => {
  const GOOD = `--distros=${FIXTURES}/good`

  test("has at most 20 lines, and is listed beside the others", async () => {
    const files = ["distro.json", "root/etc/supervisor/conf.d/mine.conf"].map((name) => join(ROOT, FIXTURES, "good/mine", name))
    expect(
      files.map((path) => readFileSync(path, "utf8").trim().split("\n").length).reduce((sum, count) => sum + count),
    ).toBeLessThanOrEqual(20)
    expect([...new Set((await call([GOOD, "distros", "rows", "name"])).split("\n"))].sort()).toEqual([...DISTROS, "mine"].sort())
  })

  test("is built with its package, shows its program and keeps the promises", async () => {
    expect(await call([GOOD, "image", "--distro=mine", "--profile=kvdi", "packages"], 15)).toMatch(/^xterm \d+/m)
    const results = await smoke("mine", { only: ["input", "labels", "minimal", "supervisord"], before: [GOOD] })
    expect(failures(results)).toEqual([])
    expect(results.outcomes.map(({ status }) => status)).toEqual(["passed", "passed", "passed", "passed"])
    const overlay = await call([
      GOOD,
      "build",
      "--distro=mine",
      "--profile=kvdi",
      "file",
      "--path=/etc/supervisor/conf.d/mine.conf",
      "contents",
    ])
    expect(overlay).toContain("[program:mine]")
  })

  test("leaves the built-in ones as they are", async () => {
    const [own, plain] = await Promise.all([call([GOOD, "plan", "--distro=bookworm"]), call(["plan", "--distro=bookworm"])])
    expect(own).toBe(plain)
  })
})
