import { once } from "node:events"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { homedir, tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { execa, type Options } from "execa"
import { expect } from "vitest"

export const farm = resolve(import.meta.dirname, "../../..")
export const run = join(farm, "dagger/run")
/** Where the embedded engine lies that tests use. */
export const built = process.env.HELIOS_ENGINE_HOME ?? join(homedir(), ".cache/helios-engine")
export const MINUTE = 60_000

export type Engine = { home: string; env: Record<string, string>; port: number }
const rooms: string[] = []
export const room = () => {
  const dir = mkdtempSync(join(tmpdir(), "helios-test-"))
  rooms.push(dir)
  return dir
}

/** The farm's files as another checkout has them: another path, other times. */
export const checkout = async () => {
  const folder = room()
  const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: farm })
  for (const path of stdout.split("\n")) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(farm, path), join(folder, path), { verbatimSymlinks: true })
  }
  return folder
}

const freePort = async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

export const newEngine = async (home = join(room(), "home")): Promise<Engine> => {
  const port = await freePort()
  const env = {
    HELIOS_ENGINE_HOME: home,
    HELIOS_REGISTRY_PORT: String(port),
    CI: "",
    HELIOS_YES: "",
    npm_config_yes: "",
    _EXPERIMENTAL_DAGGER_RUNNER_HOST: "",
  }
  return { home, port, env }
}

/** A home with what was built already: hard links, and a copy of what is written to where base images are made. */
export const seededEngine = async () => {
  const engine = await newEngine()
  if (!existsSync(join(built, ".helios-engine"))) return engine
  mkdirSync(engine.home)
  const links = ["bin", "root", "sdk", "sdk-official", "sdk-go", ".helios-engine"].map((name) => join(built, name)).filter(existsSync)
  await execa("cp", ["--archive", "--link", ...links, engine.home])
  const blobs = "images/docker/registry/v2/blobs"
  const isCopied = (path: string) => path !== join(built, blobs)
  for (const name of ["bases", "images"]) {
    if (existsSync(join(built, name))) cpSync(join(built, name), join(engine.home, name), { recursive: true, filter: isCopied })
  }
  // A registry writes a blob once, unlike what names it.
  if (existsSync(join(built, blobs))) await execa("cp", ["--archive", "--link", join(built, blobs), join(engine.home, blobs)])
  return engine
}

export const dagger = (engine: Engine, args: string[], options: Options = {}, program = run) =>
  execa(program, ["--engine=embedded", ...args], {
    reject: false,
    stdin: "ignore",
    timeout: 20 * MINUTE,
    ...options,
    env: { ...engine.env, ...(options.env as Record<string, string>) },
  })

/** What was said to have gone wrong: one line, and perhaps the tool's own below it. */
export const complaint = ({ stderr }: { stderr?: unknown }) => {
  const lines = String(stderr).split("\n")
  const at = lines.findIndex((line) => line.startsWith("helios: "))
  expect(lines.length - at, `one line, perhaps a second, in: ${stderr}`).toBeLessThanOrEqual(2)
  return lines[at] ?? ""
}

/** The processes of which the command line or the parent's names the home. */
export const processesOf = (home: string) =>
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
export const enginePid = (home: string) => {
  const outer = readFileSync(join(home, "run/engine.pid"), "utf8").trim()
  return Number(readFileSync(`/proc/${outer}/task/${outer}/children`, "utf8").trim().split(" ")[0])
}

/** A folder to put before PATH: each script takes the place of a command. */
export const shims = (scripts: Record<string, string>) => {
  const dir = room()
  for (const [name, body] of Object.entries(scripts)) writeFileSync(join(dir, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  return { PATH: `${dir}:${process.env.PATH}` }
}

export const until = async (what: string, condition: () => boolean | Promise<boolean>, seconds: number) => {
  const end = Date.now() + seconds * 1000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** A call that runs for a minute in a container, started and seen to be under way. */
export const longCall = async (engine: Engine) => {
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

/** Wipes every engine that a file of tests made. */
export const wipeAll = async () => {
  for (const dir of rooms) {
    const home = join(dir, "home")
    if (existsSync(join(home, ".helios-engine"))) await execa(run, ["engine", "wipe"], { env: { HELIOS_ENGINE_HOME: home }, reject: false })
    await execa("umount", [home], { reject: false })
    rmSync(dir, { recursive: true, force: true })
  }
}
