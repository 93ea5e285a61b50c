import { once } from "node:events"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { homedir, tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { execa, type Options } from "execa"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"

const farm = resolve(import.meta.dirname, "../..")
const run = join(farm, "dagger/run")
const built = process.env.HELIOS_ENGINE_HOME ?? join(homedir(), ".cache/helios-engine")
const MINUTE = 60_000

type Engine = { home: string; env: Record<string, string>; port: number }
const rooms: string[] = []
const room = () => {
  const dir = mkdtempSync(join(tmpdir(), "helios-test-"))
  rooms.push(dir)
  return dir
}

const freePort = async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

const newEngine = async (home = join(room(), "home")): Promise<Engine> => {
  const port = await freePort()
  const env = {
    HELIOS_ENGINE_HOME: home,
    HELIOS_REGISTRY_PORT: String(port),
    CI: "",
    npm_config_yes: "",
    _EXPERIMENTAL_DAGGER_RUNNER_HOST: "",
  }
  return { home, port, env }
}

/** A home with what was built already: hard links, and a copy of what the registry writes to. */
const seededEngine = async () => {
  const engine = await newEngine()
  if (!existsSync(join(built, ".helios-engine"))) return engine
  mkdirSync(engine.home)
  const links = ["bin", "root", "sdk", ".helios-engine"].map((name) => join(built, name)).filter(existsSync)
  await execa("cp", ["--archive", "--link", ...links, engine.home])
  for (const name of ["bases", "registry"]) {
    if (existsSync(join(built, name))) cpSync(join(built, name), join(engine.home, name), { recursive: true })
  }
  return engine
}

const dagger = (engine: Engine, args: string[], options: Options = {}) =>
  execa(run, ["--engine=embedded", ...args], {
    reject: false,
    stdin: "ignore",
    timeout: 20 * MINUTE,
    ...options,
    env: { ...engine.env, ...(options.env as Record<string, string>) },
  })

/** What was said to have gone wrong: one line, and perhaps the tool's own below it. */
const complaint = ({ stderr }: { stderr?: unknown }) => {
  const lines = String(stderr).split("\n")
  const at = lines.findIndex((line) => line.startsWith("helios: "))
  expect(lines.length - at, `one line, perhaps a second, in: ${stderr}`).toBeLessThanOrEqual(2)
  return lines[at] ?? ""
}

/** The processes of which the command line or the parent's names the home. */
const processesOf = (home: string) =>
  readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(home)
      } catch {
        return false
      }
    })

/** The pid of the engine itself: the first process in its namespace. */
const enginePid = (home: string) => {
  const outer = readFileSync(join(home, "run/engine.pid"), "utf8").trim()
  return Number(readFileSync(`/proc/${outer}/task/${outer}/children`, "utf8").trim().split(" ")[0])
}

/** A folder to put before PATH: each script takes the place of a command. */
const shims = (scripts: Record<string, string>) => {
  const dir = room()
  for (const [name, body] of Object.entries(scripts)) writeFileSync(join(dir, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  return { PATH: `${dir}:${process.env.PATH}` }
}

const until = async (what: string, condition: () => boolean | Promise<boolean>, seconds: number) => {
  const end = Date.now() + seconds * 1000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** A call that runs for a minute in a container, started and seen to be under way. */
const longCall = async (engine: Engine) => {
  const seconds = `60.${Date.now()}`
  const call = dagger(
    engine,
    ["core", "container", "from", "--address=debian:trixie-slim", "with-exec", `--args=sleep,${seconds}`, "stdout"],
    { cwd: room() },
  )
  const sleeps = async () => (await execa("pgrep", ["-f", `^sleep ${seconds}`], { reject: false })).exitCode === 0
  let ended = ""
  call.then((result) => {
    ended = `the call ended: ${result.stderr}`
  })
  await until("the call runs in a container", async () => ended !== "" || sleeps(), 120)
  expect(ended).toBe("")
  return { call, sleeps }
}

afterAll(async () => {
  for (const dir of rooms) {
    const home = join(dir, "home")
    if (existsSync(join(home, ".helios-engine"))) await execa(run, ["engine", "wipe"], { env: { HELIOS_ENGINE_HOME: home }, reject: false })
    await execa("umount", [home], { reject: false })
    rmSync(dir, { recursive: true, force: true })
  }
}, 5 * MINUTE)

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
    const env = shims({ "dpkg-query": "exit 1", "apt-get": `echo "$@" >>${called}; exit 100` })
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
    const env = { ...shims({ "dpkg-query": "exit 1", "apt-get": `echo "$@" >>${called}; exit 100` }), ...extra }
    expect((await dagger(await newEngine(), [option, "version"], { env })).exitCode).toBe(1)
    expect(readFileSync(called, "utf8")).toMatch(/install -qqy --no-install-recommends mmdebstrap skopeo docker-registry/)
  })

  test("not enough disk", async () => {
    const engine = await newEngine()
    mkdirSync(engine.home)
    await execa("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", engine.home])
    const result = await dagger(engine, ["version"])
    expect(complaint(result)).toMatch(/not enough disk for .*: 0\.\d GB free at .*home, \d GB needed; .*HELIOS_ENGINE_HOME/)
    expect(result.exitCode).toBe(1)
  })

  test("a home that is a folder of something else", async () => {
    const engine = await newEngine()
    mkdirSync(engine.home)
    writeFileSync(join(engine.home, "letter"), "dear")
    expect(complaint(await dagger(engine, ["version"]))).toMatch(/holds other files and is not an engine's home/)
    expect(readdirSync(engine.home)).toEqual(["letter"])
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
        env: { GOPROXY: "http://127.0.0.1:9", GOMODCACHE: join(room(), "modules") },
      })
      expect(complaint(result)).toMatch(/Go module proxy is unreachable, GOPROXY=http:\/\/127.0.0.1:9: .*log: .*build_binaries.log/)
      expect(readdirSync(engine.home).sort()).toEqual([".helios-engine", "lock", "logs"])
    },
    MINUTE,
  )
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

describe("an engine", () => {
  let engine: Engine
  const manage = (command: string) => dagger(engine, ["engine", command])

  beforeAll(async () => {
    engine = await seededEngine()
    const made = await dagger(engine, ["--yes", "core", "container", "from", "--address=debian:trixie-slim", "sync"], {
      cwd: room(),
    })
    expect(made.exitCode, String(made.stderr)).toBe(0)
    expect((await manage("down")).exitCode).toBe(0)
  }, 20 * MINUTE)
  afterEach(async () => void (await manage("down")), 2 * MINUTE)

  test(
    "is started once by parallel calls, of which one waits",
    async () => {
      const both = await Promise.all([manage("up"), manage("up")])
      expect(both.map((result) => result.exitCode)).toEqual([0, 0])
      expect(both.filter((result) => /waiting: another command/.test(String(result.stderr)))).toHaveLength(1)
      const outer = processesOf(engine.home).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("unshare"))
      expect(outer).toHaveLength(1)
    },
    2 * MINUTE,
  )

  test(
    "says its status, and leaves nothing when it goes down",
    async () => {
      expect((await manage("status")).exitCode).toBe(3)
      await manage("up")
      const status = await manage("status")
      expect(status.exitCode).toBe(0)
      expect(status.stdout).toMatch(/running +yes, pid \d+.*\nversion +v\d.*\nhome .*\ndisk .*\nbases .*trixie/)
      expect((await manage("down")).exitCode).toBe(0)
      expect(processesOf(engine.home)).toEqual([])
      expect(readFileSync("/proc/mounts", "utf8")).not.toContain(engine.home)
      expect((await manage("status")).exitCode).toBe(3)
    },
    2 * MINUTE,
  )

  test(
    "that is killed in a call is noticed within 5 s, and the next call works",
    async () => {
      const { call } = await longCall(engine)
      process.kill(enginePid(engine.home), "SIGKILL")
      const killed = Date.now()
      const result = await call
      expect(Date.now() - killed).toBeLessThan(5000)
      expect(complaint(result)).toMatch(/the engine died during the call .*engine.log\); run the same command again/)
      expect(result.exitCode).toBe(75)
      const next = await dagger(
        engine,
        ["core", "container", "from", "--address=debian:trixie-slim", "with-exec", "--args=echo,well", "stdout"],
        { cwd: room() },
      )
      expect(next.stderr).toMatch(/the engine died or hangs: starting it again/)
      expect(next.stdout).toBe("well\n".trim())
      expect(next.exitCode).toBe(0)
    },
    5 * MINUTE,
  )

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "a call is cancelled by %s, and nothing of it stays",
    async (signal, code) => {
      const { call, sleeps } = await longCall(engine)
      call.kill(signal)
      const result = await call
      expect(complaint(result)).toBe("helios: cancelled")
      expect(result.exitCode).toBe(code)
      await until("the container is gone", async () => !(await sleeps()), 15)
      const clients = processesOf(engine.home).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("/bin/dagger"))
      expect(clients).toEqual([])
    },
    5 * MINUTE,
  )

  test(
    "another process with its old pid is not taken for it",
    async () => {
      const other = execa("sleep", ["60"], { reject: false })
      mkdirSync(join(engine.home, "run"), { recursive: true })
      for (const name of ["engine", "registry"]) writeFileSync(join(engine.home, `run/${name}.pid`), String(other.pid))
      expect((await manage("status")).exitCode).toBe(3)
      await manage("down")
      expect(other.exitCode).toBe(null)
      other.kill()
    },
    MINUTE,
  )

  test(
    "a registry's port that another program has",
    async () => {
      const server = createServer().listen(engine.port, "127.0.0.1")
      await once(server, "listening")
      const result = await manage("up")
      server.close()
      expect(complaint(result)).toMatch(new RegExp(`port ${engine.port} on 127.0.0.1 is taken .*HELIOS_REGISTRY_PORT`))
      expect(result.exitCode).toBe(1)
    },
    MINUTE,
  )

  test(
    "what a killed build left is cleaned, its mounts too",
    async () => {
      const left = join(engine.home, "tmp/root/proc")
      mkdirSync(left, { recursive: true })
      await execa("mount", ["-t", "tmpfs", "tmpfs", left])
      expect((await manage("up")).exitCode).toBe(0)
      expect(existsSync(join(engine.home, "tmp"))).toBe(false)
      expect(readFileSync("/proc/mounts", "utf8")).not.toContain(left)
    },
    MINUTE,
  )

  test.each([
    ["sdk", { npm_config_registry: "http://127.0.0.1:9" }, /npm registry is unreachable, http:\/\/127.0.0.1:9/],
    ["root", {}, /Debian archive is unreachable, http:\/\/127.0.0.1:9\/debian: .*sources.list/],
  ] as const)(
    "a change of its %s rebuilds that, and says which registry is dead",
    async (part, registry, line) => {
      const dir = room()
      writeFileSync(join(dir, "dead.list"), "deb [trusted=yes] http://127.0.0.1:9/debian trixie main\n")
      writeFileSync(join(dir, "apt.conf"), `Dir::Etc::sourcelist "${dir}/dead.list";\nDir::Etc::sourceparts "${dir}/none";\n`)
      const key = join(engine.home, part, ".key")
      const good = readFileSync(key)
      rmSync(key)
      writeFileSync(key, "old\n")
      const env = {
        npm_config_cache: join(dir, "npm"),
        ...(part === "root" ? { APT_CONFIG: join(dir, "apt.conf") } : {}),
        ...registry,
      }
      const result = await dagger(engine, ["engine", "up"], { env })
      expect(complaint(result)).toMatch(line)
      expect(result.stderr).not.toMatch(/compiled from Go/)
      expect(existsSync(join(engine.home, "tmp"))).toBe(false)
      writeFileSync(key, good)
    },
    3 * MINUTE,
  )

  test(
    "is wiped whole",
    async () => {
      await manage("up")
      expect((await manage("wipe")).exitCode).toBe(0)
      expect(existsSync(engine.home)).toBe(false)
      expect(processesOf(engine.home)).toEqual([])
    },
    2 * MINUTE,
  )
})
