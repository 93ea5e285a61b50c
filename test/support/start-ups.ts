import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execaSync } from "execa"
import fc from "fast-check"
import { type Environment, environments, FOLDER, SECRET } from "./environments.ts"

/** Makes what values name: files of passwords, good and bad, and a script for shells that read one when they start. */
export function makeFiles(folder: string): void {
  const files: Record<string, string> = {
    password: `${SECRET}from-a-file`,
    newline: `${SECRET}from-a-file\n`,
    empty: "",
    lines: `${SECRET}1\n${SECRET}2\n`,
    zeros: `${SECRET}\0\0`,
    long: SECRET.repeat(1000),
    "read-me": ">canary\n",
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  mkdirSync(join(folder, "folder"))
  mkdirSync(join(folder, "cwd"))
  symlinkSync("none", join(folder, "link"))
  execaSync("mkfifo", [join(folder, "pipe")])
  for (const name of ["", "cwd"]) chmodSync(join(folder, name), 0o755)
}

/** A profile's init as far as it looks at its environment, before it changes anything. */
export function checksOf(init: string): string {
  const [checks = "", ...rest] = init.split(/^(?:check_container|check_runtime|put_away|make_user|prepare)$/m)
  if (!rest.length) throw new Error("expected an init that makes something of its environment after its checks")
  return checks
}

/** How a start-up ended. */
export interface Outcome {
  code: number
  /** What it printed, where a letter is a byte. */
  said: string
  /** The names of files that appeared in its folder. */
  files: string
}

/** A driver of start-ups, start-ups.bash somewhere, that is given one environment after the other. */
export class StartUps {
  private readonly process: ChildProcessWithoutNullStreams
  private readonly folder: string
  private got = ""
  private said = ""
  private waiting?: (error?: Error) => void

  /** Starts it by a command, to which files of makeFiles are in that folder. */
  constructor([program = "", ...args]: string[], folder: string) {
    this.folder = folder
    this.process = spawn(program, args)
    this.process.stdin.on("error", () => {})
    this.process.stderr.on("data", (data: Buffer) => {
      this.said += data
    })
    this.process.stdout.on("data", (data: Buffer) => {
      this.got += data.toString("latin1")
      if (this.got.split("\0").length === 4) this.waiting?.()
    })
    this.process.on("close", () => this.waiting?.(new Error(`the driver ended: ${this.said.slice(-500)}`)))
  }

  /** Starts up once. None may take long, whatever it was given. */
  async run(environment: Environment): Promise<Outcome> {
    const variables = environment.map(([name, value]) => `${name}=${value.replaceAll(FOLDER, this.folder)}\0`)
    this.got = ""
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("it has not ended within 20 s")), 20_000)
      this.waiting = (error) => {
        clearTimeout(timer)
        if (error) reject(error)
        else resolve()
      }
      this.process.stdin.write(Buffer.from(`${variables.length}\0${variables.join("")}`, "latin1"))
    })
    const [code, said = "", files = ""] = this.got.split("\0")
    return { code: Number(code), said, files }
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("close", resolve))
    this.process.stdin.end()
    await ended
  }
}

const id = /^(1\d{3}|[2-9]\d{3}|[1-9]\d{4,9})$/
const number = /^[1-9]\d*$/

/** What a value is at most once it was accepted, said a second time and in another language. */
const ACCEPTED: Record<string, RegExp> = {
  USER: /^[a-z_][a-z0-9_-]{0,31}$/,
  UID: id,
  HOME: /^\/[A-Za-z0-9._@+/-]*$/,
  LC_ALL: /^[A-Za-z0-9_.@-]{1,64}$/,
  TZ: /^[A-Za-z0-9_+/-]{1,64}$/,
  GID: /^(100|1\d{3}|[2-9]\d{3}|[1-9]\d{4,9})$/,
}
const ACCEPTED_BY: Record<string, Record<string, RegExp>> = {
  helios: {
    ...ACCEPTED,
    AUTH: /^(password|proxy)$/,
    PASSWORD: /^[ -~\x80-\xff]{8,128}$/,
    HOSTS: /^[A-Za-z0-9.,:_[\]-]{1,1000}$/,
    TRUSTED_PROXY: /^[0-9A-Fa-f.:/,]{1,1000}$/,
    PREFIX: /^[A-Za-z0-9._~/-]*$/,
    TITLE: /^[ -~\x80-\xff]+$/,
    ...{ HTTP_PORT: number, HTTPS_PORT: number, HOOK_TIMEOUT: number, HTTPS: /^(on|off)$/, WEBRTC: /^(on|off)$/ },
    ...{
      CLIPBOARD: /^(both|in|out|off)$/,
      SCALE: /^(auto|1|1\.5|2)$/,
      DESKTOP_FILES: /^"?(:?\/[A-Za-z0-9._@+*?/-]*\.desktop)+"?$/,
      SUDO: /^(0|false)$/,
      IDLE_TIME: /^\d+(\.\d+)?$/,
    },
  },
  kvdi: { ...ACCEPTED, DISPLAY_SOCK_ADDR: /^(unix:\/\/\/[A-Za-z0-9._/-]{1,99}|tcp:\/\/[A-Za-z0-9.:[\]-]+:\d{1,5}|)$/ },
}

/** The one thing that a start-up may say of what it accepts. */
const WARNING = "helios: VncAuth looks at the first 8 characters of PASSWORD alone\n"

/** Whether it is printable: no control character, and UTF-8. */
function isPrintable(line: string): boolean {
  const text = Buffer.from(line, "latin1").toString("utf8")
  return !/[\p{Cc}\ufffd]/u.test(text)
}

/** What is wrong with how a start-up ended: nothing ran, and it was accepted without a word, or refused in one line. */
function problem(environment: Environment, { code, said, files }: Outcome, profile: string): string | undefined {
  if (files) return `something ran, or was written: ${files}`
  if (said.includes(SECRET)) return `a password was shown: ${said}`
  if (code === 0) {
    if (said && said !== WARNING) return `accepted, but said: ${said}`
    // One that is empty is one that isn't given.
    const given = environment.filter(([, value]) => value)
    const odd = given.find(([name, value]) => !(ACCEPTED_BY[profile]?.[name] ?? /^/).test(value))
    return odd && `accepted: ${odd.join("=")}`
  }
  if (code !== 64) return `ended with ${code}: ${said}`
  const [line = "", rest, ...more] = said.split("\n")
  if (rest !== "" || more.length) return `refused in more than a line, or less: ${said}`
  return line.startsWith("helios: ") && isPrintable(line) ? undefined : `refused in a line that can't be printed: ${line}`
}

export interface Tally {
  accepted: number
  refused: number
  /** How often each first word of a refusal was said, which is the variable's name. */
  reasons: Map<string, number>
}

/** A tally in one line. */
export function tally({ accepted, refused, reasons }: Tally): string {
  const by = [...reasons].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${reason} ${count}`)
  return `${accepted} accepted, ${refused} refused (${by.join(", ")})`
}

interface How {
  seed?: number
  /** What an environment is when the shell gets it. */
  as?: (environment: Environment) => Environment
}

/** Starts up in so many random environments. Throws with the smallest that is not treated as it should be. */
export async function tryEnvironments(startUps: StartUps, profile: string, numRuns: number, { seed, as }: How = {}): Promise<Tally> {
  const seen: Tally = { accepted: 0, refused: 0, reasons: new Map() }
  const property = fc.asyncProperty(environments, async (environment) => {
    const outcome = await startUps.run(as?.(environment) ?? environment)
    const wrong = problem(environment, outcome, profile)
    if (wrong) throw new Error(wrong)
    if (outcome.code === 0) {
      seen.accepted++
      return
    }
    seen.refused++
    const reason = outcome.said.match(/^helios: (\w+)/)?.[1] ?? outcome.said
    seen.reasons.set(reason, (seen.reasons.get(reason) ?? 0) + 1)
  })
  await fc.assert(property, { numRuns, includeErrorInReport: true, ...(seed === undefined ? {} : { seed }) })
  return seen
}
