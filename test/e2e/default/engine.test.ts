import { once } from "node:events"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import {
  complaint,
  dagger,
  type Engine,
  enginePid,
  longCall,
  MINUTE,
  processesOf,
  room,
  seededEngine,
  until,
  wipeAll,
} from "../../support/engine/engine.ts"

afterAll(wipeAll, 5 * MINUTE)

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
      expect(status.stdout).toMatch(/running +yes, pid \d+.*\nversion +v\d.*\nhome .*\nsdks +quick( \w+)*\ndisk .*\nbases .*trixie/)
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
      expect(next.stderr).toMatch(/died or hangs: starting it again.*\n.*killed before it wrote its cache down: that is thrown away/)
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
    "on a busy machine, and while one that was killed still has its cache locked, it starts on that cache",
    async () => {
      const kept = join(engine.home, "state/kept")
      writeFileSync(kept, "")
      const holds = execa("flock", [join(engine.home, "state/dagger-engine.lock"), "sleep", "20"])
      const busy = Array.from({ length: 12 }, () => execa(process.execPath, ["-e", "for (;;);"], { reject: false }))
      const result = await manage("up")
      for (const other of busy) other.kill()
      await holds
      expect([result.exitCode, result.stderr]).toEqual([0, expect.not.stringContaining("empty one")])
      expect(existsSync(kept)).toBe(true)
    },
    3 * MINUTE,
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
