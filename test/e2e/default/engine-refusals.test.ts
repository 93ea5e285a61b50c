import { chownSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, describe, expect, test } from "vitest"
import { complaint, dagger, farm, MINUTE, newEngine, room, run, shims, wipeAll } from "../../support/engine/engine.ts"

afterAll(wipeAll, 5 * MINUTE)

/** A machine with a large disk, whatever is free on this one, and with these programs. */
const roomy = (scripts: Record<string, string> = {}) => shims({ df: "printf 'Avail\\n99999999\\n'", ...scripts })

describe("one line says what is missing", () => {
  test("not Linux", async () => {
    const result = await dagger(await newEngine(), ["version"], {
      env: shims({ uname: '[ "$1" = -s ] && echo Darwin || exec /usr/bin/uname "$@"' }),
    })
    expect(complaint(result)).toMatch(/needs Linux, this is Darwin: start Docker/)
    expect(result.exitCode).toBe(1)
  })

  test("an unsupported CPU", async () => {
    const result = await dagger(await newEngine(), ["version"], {
      env: shims({ uname: '[ "$1" = -m ] && echo riscv64 || exec /usr/bin/uname "$@"' }),
    })
    expect(complaint(result)).toMatch(/x86_64 and aarch64, this is riscv64/)
    expect(result.exitCode).toBe(1)
  })

  test("not root", async () => {
    const dir = room()
    cpSync(join(farm, "dagger"), join(dir, "farm/dagger"), { recursive: true })
    await execa("chmod", ["-R", "a+rX", dir])
    const { env } = await newEngine()
    const user = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]
    const result = await execa("setpriv", [...user, join(dir, "farm/dagger/run"), "--engine=embedded", "version"], {
      env,
      reject: false,
    })
    expect(complaint(result)).toMatch(/must be run by root: run again with sudo/)
    expect(result.exitCode).toBe(1)
  })

  test("missing tools, all at once", async () => {
    const dir = room()
    const hidden = new Set(["go", "node", "nodejs", "npm", "npx"])
    for (const bin of ["/usr/bin", "/usr/sbin", "/bin", "/sbin"]) {
      for (const name of readdirSync(bin))
        if (!hidden.has(name) && !existsSync(join(dir, name))) symlinkSync(join(bin, name), join(dir, name))
    }
    const engine = await newEngine()
    const result = await dagger(engine, ["version"], { env: { PATH: dir }, extendEnv: false })
    expect(complaint(result)).toMatch(/missing tools: node >= 20, go >= 1.21, npm; install/)
    expect(existsSync(join(engine.home, "bin"))).toBe(false)
  })

  test("a Go and a Node that are too old", async () => {
    const old = shims({ go: "echo go1.20.14", node: "echo 18.20.4" })
    expect(complaint(await dagger(await newEngine(), ["version"], { env: old }))).toMatch(/missing tools: node >= 20, go >= 1.21;/)
  })

  test("a missing Debian package, which is not installed unasked", async () => {
    const called = join(room(), "called")
    const env = roomy({ "dpkg-query": "exit 1", "apt-get": `echo "$@" >>${called}; exit 100` })
    const result = await dagger(await newEngine(), ["version"], { env })
    expect(complaint(result)).toMatch(/apt-get install --no-install-recommends mmdebstrap skopeo docker-registry .*--yes/)
    expect(existsSync(called)).toBe(false)
  })

  test.each([
    ["--yes", {}],
    ["version", { CI: "true" }],
    ["version", { npm_config_yes: "true" }],
  ])("installed with %s %o", async (option, extra) => {
    const called = join(room(), "called")
    const env = { ...roomy({ "dpkg-query": "exit 1", "apt-get": `echo "$@" >>${called}; exit 100` }), ...extra }
    expect((await dagger(await newEngine(), [option, "version"], { env })).exitCode).toBe(1)
    expect(readFileSync(called, "utf8")).toMatch(/install -qqy --no-install-recommends mmdebstrap skopeo docker-registry/)
  })

  test("not enough disk", async () => {
    const engine = await newEngine()
    mkdirSync(engine.home)
    await execa("mount", ["-t", "tmpfs", "-o", "size=64m,mode=700", "tmpfs", engine.home])
    const result = await dagger(engine, ["version"])
    expect(complaint(result)).toMatch(/not enough disk for .*: 0\.\d GB free at .*home, \d GB needed; .*HELIOS_ENGINE_HOME/)
    expect(result.exitCode).toBe(1)
  })

  test("a home that is a folder of something else", async () => {
    const engine = await newEngine()
    mkdirSync(engine.home)
    writeFileSync(join(engine.home, "letter"), "dear")
    expect(complaint(await dagger(engine, ["version"], { env: roomy() }))).toMatch(/holds other files and is not an engine's home/)
    expect(readdirSync(engine.home)).toEqual(["letter"])
  })

  test("a home that is a link, or another's, or below what others write to", async () => {
    const { home, env } = await newEngine()
    mkdirSync(home)
    writeFileSync(join(home, ".helios-engine"), "")
    const refused = async (command: string[]) => {
      const result = await execa(run, command, { env: { ...env, HELIOS_ENGINE_HOME: at }, reject: false })
      expect(result.exitCode).toBe(1)
      return complaint(result)
    }
    let at = join(room(), "link")
    symlinkSync(home, at)
    for (const command of [["--engine=embedded", "version"], ...["up", "status", "down", "wipe", "env"].map((one) => ["engine", one])])
      expect(await refused(command)).toMatch(/home .*\/link is a link: set HELIOS_ENGINE_HOME to the folder that it leads to/)
    at = home
    chownSync(home, 65534, 65534)
    expect(await refused(["engine", "status"])).toMatch(
      /others than root may write to the engine's home .*; remove it, or set HELIOS_ENGINE_HOME/,
    )
    at = join(home, "below")
    expect(await refused(["engine", "status"])).toMatch(/others than root could exchange the engine's home .*; set HELIOS_ENGINE_HOME/)
    expect(readdirSync(home)).toEqual([".helios-engine"])
    chownSync(home, 0, 0)
  })

  test("an image of the engine without a name for its file", async () => {
    const engine = await newEngine()
    expect(complaint(await dagger(engine, ["engine", "image"]))).toMatch(/engine image needs the name of the file to write, such as/)
    expect(existsSync(engine.home)).toBe(false)
  })

  test("no system engine", async () => {
    const result = await execa(run, ["--engine=system", "version"], {
      reject: false,
      env: {
        ...(await newEngine()).env,
        ...shims({ dagger: "echo it ran", docker: "exit 1", podman: "exit 1", nerdctl: "exit 1" }),
      },
    })
    expect(complaint(result)).toMatch(/--engine=system is not available: no docker, podman or nerdctl answers/)
    expect(result.stdout).toBe("")
  })

  test(
    "a dead Go module proxy",
    async () => {
      const engine = await newEngine()
      const result = await dagger(engine, ["version"], {
        env: { ...roomy(), GOPROXY: "http://127.0.0.1:9", GOMODCACHE: join(room(), "modules") },
      })
      expect(complaint(result)).toMatch(/Go module proxy is unreachable, GOPROXY=http:\/\/127.0.0.1:9: .*log: .*build_binaries.log/)
      expect(readdirSync(engine.home).sort()).toEqual([".helios-engine", "lock", "logs"])
    },
    MINUTE,
  )
})

test("the system's dagger is told of the runtime that answers, where another is installed that it would take first", async () => {
  const dagger = 'test "$1" != version || echo "dagger v1.2.3 (image://registry.example/engine:v1.2.3) linux/amd64"; env >&2'
  const told = async (scripts: Record<string, string>) => {
    const env = { ...(await newEngine()).env, ...shims({ dagger, ...scripts }) }
    const { stderr } = await execa(run, ["--engine=system", "call"], { env })
    return stderr
      .match(/^_EXPERIMENTAL_DAGGER_RUNNER_HOST=(.*)$/gm)
      ?.at(-1)
      ?.replace(/^.*?=/, "")
  }
  expect(await told({ docker: "exit 1", podman: "exit 0" })).toBe("image+podman://registry.example/engine:v1.2.3")
  expect(await told({ docker: "exit 1", podman: "exit 1", nerdctl: "exit 0" })).toBe("image+nerdctl://registry.example/engine:v1.2.3")
  expect(await told({ docker: "exit 0", podman: "exit 0" })).toBe("")
})

test("the system's dagger gets its arguments and exit code unchanged", async () => {
  const env = { ...(await newEngine()).env, ...shims({ dagger: 'echo "$#:$*"; exit 42', docker: "exit 0" }) }
  const result = await execa(run, ["call", "build", "--yes"], { reject: false, env })
  expect(result).toMatchObject({ stdout: "3:call build --yes", exitCode: 42 })
})

describe("wipe", () => {
  test.each(["/", "/etc", "/usr"])("refuses %s", async (home) => {
    const before = readdirSync(home)
    const result = await execa(run, ["engine", "wipe"], { env: { HELIOS_ENGINE_HOME: home }, reject: false })
    expect(complaint(result)).toMatch(/nothing was removed|must be a folder below/)
    expect(result.exitCode).toBe(1)
    expect(readdirSync(home)).toEqual(before)
  })
})
