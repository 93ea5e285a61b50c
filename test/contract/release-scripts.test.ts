import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa, execaSync } from "execa"
import { afterAll, describe, expect, test } from "vitest"
import { parseRan } from "../../src/core/registry/answers.ts"
import { ROOT } from "../support/catalog.ts"

const folder = mkdtempSync(join(tmpdir(), "helios-contract-"))
const PROGRAMS = join(ROOT, "common/release")

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ran = (program: string, args: string[], options: { input?: string; env?: Record<string, string> } = {}) =>
  execa(join(PROGRAMS, program), args, { reject: false, ...options })

describe("for-each", () => {
  test("runs a command for each line, which no shell reads, and tells what each came to", async () => {
    const script = 'test "$1" != no || { echo bad >&2; exit 3; }; printf "<%s>" "$1"'
    const { stdout } = await ran("for-each", ["sh", "-c", script, "sh"], { input: "a b\n$(id)`id`\\\nno\n" })
    expect(parseRan(stdout)).toEqual([
      { exitCode: 0, stdout: "<a b>", stderr: "" },
      { exitCode: 0, stdout: "<$(id)`id`\\>", stderr: "" },
      { exitCode: 3, stdout: "", stderr: "bad\n" },
    ])
  })

  test("has its lines below idle-timeout as well", async () => {
    const { stdout } = await ran("idle-timeout", ["2", join(PROGRAMS, "for-each"), "printf", "%s"], { input: "x\ny\n" })
    expect(parseRan(stdout).map((one) => one.stdout)).toEqual(["x", "y"])
  })
})

test("and-forget leaves the exit code, and nothing of the folder", async () => {
  const written = join(folder, "image")
  const { exitCode } = await ran("and-forget", [written, "sh", "-c", `mkdir "$0" && echo >"$0/layer"; exit 4`, written])
  expect([exitCode, existsSync(written)]).toEqual([4, false])
})

/** Of the machine's own network, in which others speak too, no number of segments would be little: this takes one of its own. */
const isAlone = execaSync("unshare", ["--net", "ip", "link", "set", "lo", "up"], { reject: false }).exitCode === 0

describe.skipIf(!isAlone)("idle-timeout, in a network of its own", () => {
  const client = (seconds: string, script: string) => {
    const asks = `exec 3<>/dev/tcp/127.0.0.1/7000; ${script}`
    const server = `require("net").createServer((it) => it.resume()).listen(7000, "127.0.0.1", () => console.error("up"))`
    const within = `ip link set lo up && { node -e '${server}' 2>"$2" & server=$!; until grep -q up "$2"; do sleep 0.1; done
      "$1/idle-timeout" "$3" bash -c "$4"; code=$?; kill $server; exit $code; }`
    return execa("unshare", ["--net", "bash", "-c", within, "bash", PROGRAMS, join(folder, "up"), seconds, asks], {
      reject: false,
      env: { IDLE_SEGMENTS: "1000" },
    })
  }

  test("ends what waits in silence", async () => {
    expect((await client("1", "echo hello >&3; sleep 20")).exitCode).toBe(124)
  })

  test("lets what asks again and again go on, however little that is", async () => {
    expect((await client("4", "for i in 1 2 3 4 5 6 7 8; do echo again >&3; sleep 0.9; done")).exitCode).toBe(0)
  })
})
