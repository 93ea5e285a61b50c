import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import semver from "semver"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { distroNames, ROOT } from "../support/catalog.ts"
import { need } from "../support/farm.ts"

const read = (path: string) => readFileSync(join(ROOT, path), "utf8")
const { scripts, engines } = JSON.parse(read("package.json")) as { scripts: Record<string, string>; engines: { node: string } }
const distros = distroNames()

describe("make", () => {
  // A copy in which what make runs only says how it was called, a word a line.
  const copy = mkdtempSync(join(tmpdir(), "helios-make-"))
  const names = ["MAKEFLAGS", "MAKELEVEL", "DISTROS", "MIRROR", "PROFILE", "INIT", "PLATFORM", "XORG"]
  const env = { ...Object.fromEntries(names.map((name) => [name, undefined])), PATH: `${join(copy, "bin")}:${process.env.PATH}` }
  const make = async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await execa("make", ["--silent", ...args], { cwd: copy, env, reject: false })
    return { said: stdout.split("\n"), stderr, exitCode }
  }
  const program = (path: string) => {
    writeFileSync(join(copy, path), `#!/bin/sh\nprintf '%s\\n' ${path} "$@"\n`)
    chmodSync(join(copy, path), 0o755)
  }

  beforeAll(async () => {
    await need("make", ["make"])
    for (const path of ["Makefile", "distros", "package-lock.json"]) cpSync(join(ROOT, path), join(copy, path), { recursive: true })
    for (const folder of ["dagger", "bin"]) mkdirSync(join(copy, folder))
    program("dagger/run")
    program("bin/npm")
  })
  afterAll(() => rmSync(copy, { recursive: true }))

  const desktop = (name: string) => ["desktop", `--distro=${name}`]
  const up = ["up", "--ports=3000:3000"]

  test.each(distros)("%s shows that distro on port 3000", async (name) => {
    expect(await make(name)).toEqual({ said: ["dagger/run", "call", ...desktop(name), ...up], stderr: "", exitCode: 0 })
  })

  test("hands on what chooses the image, each as one word", async () => {
    const wishes = ["PROFILE=kvdi", "INIT=supervisord", "PLATFORM=linux/arm64", "XORG=1.20.14", "MIRROR=git://a b; exit 3"]
    const { said } = await make("bookworm", ...wishes)
    const chosen = ["--profile=kvdi", "--init=supervisord", "--platform=linux/arm64", "--xorg=1.20.14"]
    expect(said).toEqual(["dagger/run", "call", "--mirror=git://a b; exit 3", ...desktop("bookworm"), ...chosen, ...up])
  })

  test("knows a distro that was added a moment ago, and those of DISTROS", async () => {
    for (const path of ["distros/forky", "mine/workstation"]) {
      mkdirSync(join(copy, path), { recursive: true })
      writeFileSync(join(copy, path, "distro.json"), "{}")
    }
    expect((await make("forky")).said).toContain("--distro=forky")
    expect((await make("workstation", "DISTROS=mine")).said).toEqual([
      ...["dagger/run", "call", "--distros=mine"],
      ...[...desktop("workstation"), ...up],
    ])
    rmSync(join(copy, "distros/forky"), { recursive: true })
  })

  test.each([[["nosuch"]], [["src"]], [["distros"]], [["bookworm", "nosuch"]]])(
    "%j is refused with what would work, and nothing runs",
    async (targets) => {
      const { said, stderr, exitCode } = await make(...targets)
      expect([said, exitCode]).toEqual([[""], 2])
      expect(stderr).toMatch(/^Makefile:\d+: \*\*\* make (nosuch|src|distros): no such target; expected one of help .*\.\s+Stop\.$/)
      for (const name of [...distros, "check", "format", "test"]) expect(stderr).toContain(` ${name}`)
    },
  )

  test.each([[[]], [["help"]]])("with %j lists every target", async (args) => {
    const { said, exitCode } = await make(...args)
    expect([...said.join("\n").matchAll(/^make (\S+) /gm)].map(([, name]) => name)).toEqual([...distros, "check", "format", "test"])
    expect(exitCode).toBe(0)
  })

  test.each(["check", "format", "test"])("%s is npm's script of that name, after the packages are installed", async (name) => {
    expect(Object.keys(scripts)).toContain(name)
    expect((await make(name)).said).toEqual(["bin/npm", "ci", "bin/npm", "run", name])
  })
})

// The fields that devbox's schema has at 0.16; whether Nix has those versions is for `devbox install` to say.
const devboxSchema = z.strictObject({
  $schema: z.url(),
  packages: z.array(z.string().regex(/^[a-z][a-z0-9-]*@\d+(\.\d+)+$/, "expected a name with a whole version")),
  shell: z.strictObject({ init_hook: z.array(z.string()).optional(), scripts: z.record(z.string(), z.array(z.string())).optional() }),
})

describe("devbox.json", () => {
  const { packages } = devboxSchema.parse(JSON.parse(read("devbox.json")))
  const versions = new Map(packages.map((each) => each.split("@") as [string, string]))

  test("has what make, npm's scripts and the engine's build run", () => {
    const engine =
      read("dagger/engine/build.sh")
        .match(/^ {2}built \|\| echo (.+)$/m)?.[1]
        ?.split(" ") ?? []
    const linters = read("test/lint-shell").match(/^(shellcheck|shfmt)/gm) ?? []
    expect([engine.length, linters.length]).toEqual([4, 2])
    const named: Record<string, string> = { make: "gnumake", npm: "nodejs", tar: "gnutar" }
    for (const tool of ["make", ...engine, ...linters]) expect([...versions.keys()]).toContain(named[tool] ?? tool)
  })

  test("has a Node and a Go that are new enough", () => {
    expect(semver.satisfies(versions.get("nodejs") as string, engines.node)).toBe(true)
    const least = read("dagger/engine/preflight.sh").match(/go >= ([\d.]+)/)?.[1]
    expect(semver.gte(versions.get("go") as string, `${least}.0`)).toBe(true)
  })
})
