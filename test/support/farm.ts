import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { execa } from "execa"
import { expect } from "vitest"
import { Init } from "../../src/core/catalog/profiles.ts"
import type { Results } from "../../src/core/smoke/results.ts"

export const ROOT = resolve(import.meta.dirname, "../..")
export const MINUTE = 60_000

/** The registry that tests publish to, which podman and the engine both reach: registry.ts starts it. */
export const REGISTRY = process.env.HELIOS_TEST_REGISTRY ?? "127.0.0.1:5001"

/** The embedded engine's own, which has Debian's base images and takes nothing. */
export const BASES = `127.0.0.1:${process.env.HELIOS_REGISTRY_PORT ?? 5000}`

/** Where the upstreams of profiles that are built from source are, as --mirror takes it. */
export const MIRROR = process.env.HELIOS_MIRROR

/** Why tests of such a profile are left out. */
export const NO_MIRROR = "skipped: HELIOS_MIRROR names no mirror of the upstreams (see CONTRIBUTING)"

const CLI = join(ROOT, "dagger/run")

/** Starts the farm's command line, to be awaited or ended. */
export function start(args: string[], minutes = 10) {
  return execa(CLI, args, { cwd: ROOT, reject: false, stdin: "ignore", timeout: minutes * MINUTE, forceKillAfterDelay: 20_000 })
}

/** Runs the farm's command line to its end, whatever that is. */
export async function farm(args: string[], minutes = 10) {
  const { stdout, stderr, exitCode, timedOut } = await start(args, minutes)
  if (timedOut) throw new Error(`not done in ${minutes} minutes: dagger/run ${args.join(" ")}\n${stderr.slice(-2000)}`)
  return { stdout, stderr, exitCode }
}

/** The same for what must work: what it printed. */
export async function call(args: string[], minutes = 10): Promise<string> {
  const { stdout, stderr, exitCode } = await farm(["call", ...args], minutes)
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: dagger/run call ${args.join(" ")}\n${stderr.slice(-4000)}`)
  return stdout.trim()
}

/** What a call that was refused said: one line, once, and nothing beside it. */
export function refusedLine({ exitCode, stderr, stdout }: Awaited<ReturnType<typeof farm>>): string {
  expect([exitCode, stdout.trim()], stderr).toEqual([1, ""])
  const [, said = "", more] = stderr.split(/^Error: /m)
  expect(more, "said once").toBe(undefined)
  const line = said.trim().replace(/ \[traceparent:[0-9a-f-]+\]$/, "")
  expect(line, "one line").not.toMatch(/\n|traceparent/)
  return line
}

/** What was thrown, in its one line. */
export async function thrownLine(work: Promise<unknown>): Promise<string> {
  const { message } = await work.then(
    () => new Error("it was not refused"),
    (error: Error) => error,
  )
  expect(message, "one line").not.toMatch(/\n|traceparent/)
  return message
}

/** Options of the farm and of a call for a profile, with another init than its first. */
const options = (profile: string, init?: string) => ({
  before: profile === "helios" && MIRROR ? [`--mirror=${MIRROR}`] : [],
  after: [`--profile=${profile}`, ...(init ? [`--init=${init}`] : [])],
})

export interface SmokeOptions {
  /** The image's profile. */
  profile?: string
  /** Its init, where that isn't the profile's first. */
  init?: string
  /** Prove these promises alone. */
  only?: string[]
  /** The address of another image to prove in the farm's place. */
  container?: string
  /** Options of the farm itself. */
  before?: string[]
  /** Further options of the call, such as --xorg. */
  more?: string[]
  /** How long it may take. */
  minutes?: number
}

/** The words of a call that smoke-tests a distro's image, or another one in its place. */
export function smokeCall(distro: string, asked: SmokeOptions = {}): string[] {
  const { profile = "kvdi", init, only = [], container, before = [], more = [] } = asked
  const { before: mirror, after } = options(profile, init)
  const chosen = [...(only.length ? [`--only=${only.join(",")}`] : []), ...(container ? [`--container=${container}`] : [])]
  return [...mirror, ...before, "smoke", `--distro=${distro}`, ...after, ...chosen, ...more]
}

/** Smoke-tests it: what each promise came to. */
export async function smoke(distro: string, options: SmokeOptions = {}): Promise<Results> {
  return JSON.parse(await call([...smokeCall(distro, options), "json"], options.minutes ?? 30)) as Results
}

/** What was not kept, a line each: the promise, its check and why. */
export function failures({ outcomes }: Results): string[] {
  return outcomes.flatMap(({ promise, checks }) =>
    checks.filter(({ status }) => status !== "passed").map(({ name, status, detail }) => `${promise}: ${name}: ${status}\n${detail}`),
  )
}

/** What is wrong with the size that distro.json says an image has: it may be off by a twentieth. */
export function sizeProblems(bytes: number, distro: string, profile: string, init: string): string[] {
  const path = `distros/${distro}/distro.json`
  const said = JSON.parse(readFileSync(join(ROOT, path), "utf8")).profiles[profile].size?.[init]
  const got = Math.round(bytes / 1e6)
  return Math.abs(got / said - 1) < 0.05
    ? []
    : [`${path}: profiles.${profile}.size.${init}: expected what was measured, ${got}, got ${said}`]
}

const published = new Map<string, Promise<string>>()

/** The address of a distro's image in that registry, published once for a test file. */
export function publishedImage(profile = "kvdi", distro = "bookworm", init?: string): Promise<string> {
  const address = `${REGISTRY}/helios-${profile}:e2e-${distro}${init ? `-${init}` : ""}`
  const { before, after } = options(profile, init)
  const publish = () =>
    call([...before, "build", `--distro=${distro}`, ...after, "publish", `--address=${address}`], 45).then(() => address)
  const known = published.get(address) ?? publish()
  published.set(address, known)
  return known
}

/** A folder for what tests leave for people to read. */
export function reportFolder(): string {
  mkdirSync(join(ROOT, "report"), { recursive: true })
  return join(ROOT, "report")
}

const rooms: string[] = []

/** An empty folder of its own, for clean() to remove. */
export function room(): string {
  const folder = mkdtempSync(join(tmpdir(), "helios-e2e-"))
  rooms.push(folder)
  return folder
}

export function clean(): void {
  for (const folder of rooms) if (existsSync(folder)) rmSync(folder, { recursive: true, force: true })
}

/** Polls until the condition holds; what it last threw, or that it never held, is the error. */
export async function until<T>(what: string, seconds: number, condition: () => T | Promise<T>, pause = 50): Promise<T> {
  const end = Date.now() + seconds * 1000
  let last: unknown = ""
  while (Date.now() < end) {
    try {
      const value = await condition()
      if (value) return value
    } catch (error) {
      last = error
    }
    await new Promise((done) => setTimeout(done, pause))
  }
  throw new Error(`not within ${seconds} s: ${what} ${last}`)
}

/** The processes of which the command line or the environment has that text. */
export const processesWith = (text: string) =>
  readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false
    try {
      return ["cmdline", "environ"].some((file) => readFileSync(`/proc/${pid}/${file}`, "utf8").includes(text))
    } catch {
      return false
    }
  })

/** Makes sure of a command: where it is missing, its packages are installed if that was asked for, else named. */
export async function need(command: string, packages: string[]): Promise<void> {
  if ((await execa("which", [command], { reject: false })).exitCode === 0) return
  const install = ["apt-get", "install", "-y", "--no-install-recommends", ...packages]
  const isAsked = process.env.CI === "true" || process.env.npm_config_yes === "true" || process.env.HELIOS_YES === "1"
  if (!isAsked) throw new Error(`this test needs ${command}: run ${install.join(" ")}, or set HELIOS_YES=1 and it is installed`)
  await execa("apt-get", ["update"])
  await execa("apt-get", install.slice(1), { env: { DEBIAN_FRONTEND: "noninteractive" } })
}

/** The names of the promises that smoke checks for a profile with an init, sorted. */
export const promisesOf = (profile: string, init: string) =>
  ["common", profile]
    .flatMap((folder) => readdirSync(join(ROOT, "common/smoke", folder)))
    .filter((name) => name.endsWith(".bats"))
    .map((name) => name.replace(".bats", ""))
    .filter((name) => name === init || !(Object.values(Init) as string[]).includes(name))
    .sort()
