import { once } from "node:events"
import { cpSync, readFileSync } from "node:fs"
import { createServer, type Server } from "node:net"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { connection } from "@dagger.io/dagger"
import { execa } from "execa"
import type { Source } from "../../../src/core/sources/lock.ts"
import { ROOT, room, until } from "../farm.ts"

/** The upstreams that the lock pins. */
export const PINS = (JSON.parse(readFileSync(join(ROOT, "sources.lock.json"), "utf8")) as Partial<Source>[]).filter(
  (entry): entry is Source => entry.repo !== undefined,
)

/** Where an upstream lies in a mirror. */
export const pathOf = ({ repo }: Source) => repo.replace("https://", "")

const closers: (() => Promise<unknown>)[] = []

/** What is called when every server is ended. */
export function closeAtEnd(close: () => Promise<unknown>): void {
  closers.push(close)
}

/** A free port, or one with a server that does as it is told with whoever connects. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return address.port
}

/** The address of a server that says nothing. */
export async function silentServer(): Promise<string> {
  const server = createServer()
  const port = await listen(server)
  closers.push(async () => server.close())
  return `git://127.0.0.1:${port}`
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await new Promise((done) => server.close(done))
  return port
}

/** Serves the repositories of a folder with git's own daemon, which writes to a log what it is asked for: its address. */
export async function serve(folder: string, log = "/dev/null"): Promise<string> {
  const port = await closedPort()
  const { stdout: programs } = await execa("git", ["--exec-path"])
  const options = ["--reuseaddr", "--export-all", "--verbose", "--listen=127.0.0.1", `--port=${port}`, `--base-path=${folder}`]
  const daemon = execa(join(programs, "git-daemon"), options, { reject: false, stdin: "ignore", stdout: "ignore", stderr: { file: log } })
  closers.push(async () => {
    daemon.kill()
    await daemon
  })
  await until(
    "git daemon answers",
    10,
    async () => (await fetch(`http://127.0.0.1:${port}`).catch(({ cause }) => cause)).code !== "ECONNREFUSED",
  )
  return `git://127.0.0.1:${port}`
}

/** Lets the engine's containers reach a server of this machine's loopback, as dagger/run does for a call's --mirror: its address. */
export async function passOn(address: string): Promise<string> {
  const { port } = new URL(address)
  const { stdout: gateway } = await execa("bash", ["-c", '. "$1"; gateway', "gateway", join(ROOT, "dagger/engine/engine")])
  const forward = execa("node", [join(ROOT, "dagger/engine/forward.mjs"), gateway, port], { reject: false, stdio: "ignore" })
  closeAtEnd(async () => {
    forward.kill()
    await forward
  })
  await until("it is passed on", 10, async () => {
    const { exitCode } = await execa("bash", ["-c", 'exec 3<>"/dev/tcp/$0/$1"', gateway, port], { reject: false, stdio: "ignore" })
    return exitCode === 0
  })
  return address
}

/** Ends every server. */
export async function stopServers(): Promise<void> {
  await Promise.all(closers.splice(0).map((close) => close()))
}

/** Gives the farm's own functions an engine to work with, until the servers are stopped. */
export async function inSession(): Promise<void> {
  const child = execa(join(ROOT, "dagger/run"), ["session", "--silent"], { reject: false, stderr: "ignore" })
  const ended = child.then(({ exitCode }) => Promise.reject(new Error(`dagger session ended with ${exitCode}`)))
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended])
  ended.catch(() => undefined)
  const { port, session_token: token } = JSON.parse(line) as { port: number; session_token: string }
  const end = new AbortController()
  await new Promise<void>((ready, failed) => {
    Object.assign(process.env, { DAGGER_SESSION_PORT: String(port), DAGGER_SESSION_TOKEN: token })
    connection(() => {
      ready()
      return new Promise((done) => end.signal.addEventListener("abort", () => done()))
    }).catch(failed)
  })
  // Calls of the command line are sessions of their own.
  for (const name of ["DAGGER_SESSION_PORT", "DAGGER_SESSION_TOKEN"]) delete process.env[name]
  closers.push(async () => {
    end.abort()
    child.stdin.end()
    await child
  })
}

/** A bare repository with commits of nothing: each ref's commit. */
export async function makeRepository(path: string, refs: string[]): Promise<Map<string, string>> {
  const env = { GIT_AUTHOR_NAME: "t", GIT_AUTHOR_EMAIL: "t@t", GIT_COMMITTER_NAME: "t", GIT_COMMITTER_EMAIL: "t@t" }
  const git = async (args: string[]) => (await execa("git", ["-C", path, ...args], { env, input: "" })).stdout
  await execa("git", ["init", "--quiet", "--bare", path])
  const tree = await git(["mktree"])
  const commits = new Map<string, string>()
  for (const ref of refs) {
    const commit = await git(["commit-tree", "-m", ref, tree])
    commits.set(ref, commit)
    if (ref.startsWith("refs/tags/")) await git(["tag", "--annotate", "--message=x", ref.replace("refs/tags/", ""), commit])
    else await git(["update-ref", ref, commit])
  }
  return commits
}

/** A copy of a mirror without one ref of an upstream. */
export async function without(mirror: string, pinned: Source, ref: string): Promise<string> {
  const copy = room()
  cpSync(mirror, copy, { recursive: true })
  await execa("git", ["-C", join(copy, pathOf(pinned)), "update-ref", "-d", ref])
  return copy
}
