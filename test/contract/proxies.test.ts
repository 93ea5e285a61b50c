import { spawn } from "node:child_process"
import { once } from "node:events"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const SECRET = "s%3Ac~ret"
const ENGINE_DIR = join(ROOT, "dagger/engine")
const room = mkdtempSync(join(tmpdir(), "helios-proxies-"))
afterAll(() => rmSync(room, { recursive: true }))

type Variables = Record<string, string>

/** Runs a script with the engine's functions, in an environment of these variables. */
async function shell(script: string, variables: Variables = {}) {
  const env = { PATH: process.env.PATH ?? "", ENGINE_DIR, HELIOS_ENGINE_HOME: join(room, "home"), RUN: room, ...variables }
  const start = 'set -euo pipefail; . "$ENGINE_DIR/engine"; network() { echo "helios0 10.1.16.0/20"; };'
  return execa("bash", ["--norc", "-c", `${start} ${script}`], { env, extendEnv: false, reject: false, stdin: "ignore" })
}

const lines = (text: string): Variables =>
  Object.fromEntries(text.split("\n").flatMap((line) => (line ? [line.split(/=(.*)/s).slice(0, 2)] : [])))

/** The proxies that this machine's programs have, by what a caller has. */
const own = async (variables: Variables) =>
  lines((await shell("settle_proxies; env | grep -iE '^[a-z]+_proxy=' || true", variables)).stdout)

/** Those that the engine has. */
const handedOn = async (variables: Variables) => lines((await shell("settle_proxies; print_proxies", variables)).stdout)

describe("proxies that a caller has", () => {
  test.each(["HTTPS_PROXY", "https_proxy"])("by %s reach programs of this machine under both names", async (name) => {
    const all = await own({ [name]: "http://proxy.example:3128" })
    expect(all).toMatchObject({ HTTPS_PROXY: "http://proxy.example:3128", https_proxy: "http://proxy.example:3128" })
    expect(all.NO_PROXY).toBe("localhost,127.0.0.1,::1")
  })

  test.each([
    ["proxy.example:3128", "http://proxy.example:3128"],
    ["http://proxy.example", "http://proxy.example:80"],
    ["https://proxy.example/", "https://proxy.example:443"],
    ["socks5h://[fd00::1]", "socks5h://[fd00::1]:1080"],
    [`http://me:${SECRET}@proxy.example:8080`, `http://me:${SECRET}@proxy.example:8080`],
  ])("as %s are %s, which leaves nothing to guess", async (given, taken) => {
    expect((await own({ ALL_PROXY: given })).all_proxy).toBe(taken)
  })

  test("in upper case count before those in lower case, and an empty one is none", async () => {
    expect((await own({ HTTP_PROXY: "a:1", http_proxy: "b:1" })).http_proxy).toBe("http://a:1")
    expect((await own({ HTTP_PROXY: "", http_proxy: "b:1" })).HTTP_PROXY).toBe("http://b:1")
    expect(await own({ HTTP_PROXY: "", https_proxy: "" })).toEqual({})
  })

  test("leave out what NO_PROXY names, which may have spaces; * leaves out all", async () => {
    const { NO_PROXY, no_proxy } = await own({ http_proxy: "a:1", no_proxy: ".corp.example, 10.0.0.0/8 ::1" })
    expect(NO_PROXY).toBe(".corp.example,10.0.0.0/8,::1,localhost,127.0.0.1")
    expect(no_proxy).toBe(NO_PROXY)
    expect(await own({ http_proxy: "a:1", NO_PROXY: "*" })).toEqual({ NO_PROXY: "*", no_proxy: "*" })
  })

  test("are settled but once", async () => {
    const variables = { HTTPS_PROXY: "proxy", NO_PROXY: "b" }
    const { stdout } = await shell("settle_proxies; settle_proxies; env | grep -iE '_proxy='", variables)
    expect(lines(stdout)).toEqual(await own(variables))
  })

  test.each([`http://me:${SECRET}#@proxy:3128`, `ftp://me:${SECRET}@proxy`, `http://me:${SECRET}@pro xy`, `http://${SECRET}@a:1/path`])(
    "and are none, such as %s, end a call in one line that doesn't show them",
    async (value) => {
      const { stderr, exitCode } = await shell("settle_proxies", { https_proxy: value })
      expect(exitCode).toBe(1)
      expect(stderr).toMatch(/^helios: HTTPS_PROXY is no proxy's address: expected one such as http:\/\/proxy\.example:3128 or [^\n]*$/)
      expect(stderr).not.toContain(SECRET)
    },
  )
})

describe("the engine", () => {
  test("has none where there are none", async () => {
    expect(await handedOn({ NO_PROXY: "corp.example" })).toEqual({})
  })

  test("has them under both names, and its own network is near", async () => {
    const all = await handedOn({ HTTP_PROXY: "a:1", NO_PROXY: "corp.example" })
    expect(all).toEqual({
      HTTP_PROXY: "http://a:1",
      http_proxy: "http://a:1",
      NO_PROXY: "corp.example,localhost,127.0.0.1,::1,10.1.16.1,10.1.16.0/20",
      no_proxy: all.NO_PROXY,
    })
  })

  test("has one on this machine's loopback at the gateway of its containers, to which its port is handed on", async () => {
    const variables = {
      HTTP_PROXY: `http://me:${SECRET}@127.0.0.1:3128`,
      https_proxy: "localhost:3129",
      ALL_PROXY: "http://127.proxy.example:1",
    }
    const all = await handedOn(variables)
    expect(all.http_proxy).toBe(`http://me:${SECRET}@10.1.16.1:3128`)
    expect(all.HTTPS_PROXY).toBe("http://10.1.16.1:3129")
    expect(all.ALL_PROXY).toBe("http://127.proxy.example:1")
    expect((await shell("settle_proxies; proxy_ports", variables)).stdout).toBe("3128\n3129")
  })

  test("is given them by its input: no argument, file or log has a password", async () => {
    const home = join(room, "home")
    const stubs = `setsid() { printf '%s\\n' "$@" >"$RUN/arguments"; cat >"${room}/input"; }; await_engine() { wait; }
      list_sdks() { echo quick; }; sdk_environment() { echo GOPROXY=direct; }; sdk_folders() { echo sdk; }`
    const script = `${stubs}; RUN=${join(room, "run")}; LOCK=9; exec 9>/dev/null; mkdir -p "$RUN"; settle_proxies; start_engine`
    const { stderr } = await shell(script, { HTTPS_PROXY: `http://me:${SECRET}@proxy.example:3128` })
    expect(stderr).toBe("")
    expect(readFileSync(join(room, "input"), "utf8")).toMatch(`GOPROXY=direct\nHTTPS_PROXY=http://me:${SECRET}@proxy.example:3128\n`)
    expect(readFileSync(join(room, "run/arguments"), "utf8")).toContain(`__enter\n${home}\n`)
    const found = await execa("grep", ["--recursive", "--files-with-matches", SECRET, home, join(room, "run")], { reject: false })
    expect(found.stdout).toBe("")
  })

  test("gets what of its input is a variable, and no input", async () => {
    const root = join(room, "root")
    mkdirSync(root)
    const programs = ["mount", "mkdir", "cp", "cd", "pivot_root", "umount"].map((name) => `${name}() { :; }`).join("; ")
    const enter = readFileSync(join(ENGINE_DIR, "enter"), "utf8").replace(/^exec \/usr.*\n.*$/m, "env; cat")
    const script = `${programs}; set -- __enter ${root} state sdks; ${enter}`
    const { stdout } = await execa("bash", ["--norc", "-c", script], {
      input: "\nHTTP_PROXY=http://a:1\n\nB=c d\n",
      env: { A: "a" },
      extendEnv: false,
    })
    expect(lines(stdout)).toMatchObject({ A: "a", HTTP_PROXY: "http://a:1", B: "c d" })
  })
})

describe("an engine that runs", () => {
  /** What is said of one that was started with an environment, and with files of certificates, when another caller comes. */
  async function compared(started: Variables, caller: Variables, check: string) {
    const engine = spawn("sleep", ["60"], { env: { PATH: process.env.PATH, GOPROXY: "direct", ...started } })
    await once(engine, "spawn")
    const { stdout } = await shell(`engine_process() { echo ${engine.pid}; }; settle_proxies; ! ${check} || echo same`, caller)
    engine.kill()
    return stdout
  }
  const caller = { https_proxy: `http://me:${SECRET}@127.0.0.1:3128`, NO_PROXY: "corp.example" }

  test("serves a caller with the same proxies, and is started again for another", async () => {
    const started = await handedOn(caller)
    expect(await compared({}, {}, "has_proxies")).toBe("same")
    expect(await compared(started, caller, "has_proxies")).toBe("same")
    expect(await compared(started, {}, "has_proxies")).toBe("")
    expect(await compared({}, caller, "has_proxies")).toBe("")
    expect(await compared(started, { ...caller, https_proxy: "http://me:other@127.0.0.1:3128" }, "has_proxies")).toBe("")
  })

  test("and with the machine's certificates of that time", async () => {
    const [then, now] = ["then", "now"].map((name) => join(room, name)) as [string, string]
    mkdirSync(then)
    writeFileSync(join(then, "company.crt"), "a\n")
    cpSync(then, now, { recursive: true })
    writeFileSync(join(now, "README"), "no certificate\n")
    // Its root is this machine's, so where it has them is said in full.
    const check = (folder: string) => `CERTIFICATES=${now}; certificates_of_engine() { certificates ${folder}; }; has_certificates`
    expect(existsSync(join(now, "company.crt"))).toBe(true)
    expect(await compared({}, {}, `{ ${check(then)}; }`)).toBe("same")
    writeFileSync(join(now, "another.crt"), "b\n")
    expect(await compared({}, {}, `{ ${check(then)}; }`)).toBe("")
    expect(await compared({}, {}, `{ ${check(join(room, "none"))}; }`)).toBe("")
  })
})

test("no address of a registry is told with its login", async () => {
  const log = join(room, "step.log")
  writeFileSync(log, `npm error request to https://me:${SECRET}@npm.example/x failed, reason: ECONNREFUSED\n`)
  const script = `npm() { echo https://me:${SECRET}@npm.example/; }; explain_failure packages build_npm ${log}`
  const { stderr } = await shell(script)
  expect(stderr).toContain("the npm registry is unreachable, https://npm.example/: check the network")
  expect(stderr).toContain("request to https://npm.example/x failed")
  expect(stderr).not.toContain(SECRET)
})
