import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { execa, type Options } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ClosedNetwork } from "../../support/engine/closed.ts"
import { type Engine, enginePid, run, seededEngine, wipeAll } from "../../support/engine/engine.ts"
import { clean, MINUTE, need, ROOT, room } from "../../support/farm.ts"
import { layersOf } from "../../support/layers.ts"
import { ForwardProxy } from "../../support/upstreams/proxy.ts"

const IMAGE = ["--distro=bookworm", "--profile=kvdi"]
const NAMES = ["HTTP_PROXY", "HTTPS_PROXY"]

const network = new ClosedNetwork()
const proxy = new ForwardProxy()
let engine: Engine

/** Runs dagger/run where only the proxy can be reached, for a caller who has set it. */
async function closed(args: string[], options: Options = {}) {
  const set = Object.fromEntries(NAMES.map((name) => [name, proxy.address(network.address)]))
  const env = { ...engine.env, ...set, CI: "true" }
  const { stdout, stderr, exitCode } = await network.run([run, "--engine=embedded", ...args], { cwd: ROOT, env, ...options })
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: dagger/run ${args.join(" ")}\n${String(stderr).slice(-4000)}`)
  return { stdout: String(stdout), stderr: String(stderr) }
}

/** The proxy's password, as it is written and as it is meant. */
const logins = () => [proxy.password, decodeURIComponent(proxy.password)]

/** What of a folder has it. */
async function having(folder: string): Promise<string[]> {
  const words = logins().map((word) => `--regexp=${word}`)
  const options = ["--recursive", "--text", "--devices=skip", "--files-with-matches", "--fixed-strings"]
  const { stdout } = await execa("grep", [...options, ...words, folder], { reject: false })
  return stdout.split("\n").filter(Boolean)
}

beforeAll(async () => {
  await need("ip", ["iproute2"])
  await network.open()
  await proxy.listen(network.address)
  engine = await seededEngine()
}, 5 * MINUTE)
afterAll(wipeAll, 5 * MINUTE)
afterAll(() => proxy.close())
afterAll(() => network.close())
afterAll(clean)

describe.sequential("where only a proxy that asks for a password can be reached", { timeout: 45 * MINUTE }, () => {
  const tarball = () => join(room(), "image.tar")
  let said = ""
  let built: string

  test("an image is built by it", async () => {
    built = tarball()
    const { stderr } = await closed(["call", "build", ...IMAGE, "export", `--path=${built}`])
    said += stderr
    expect(proxy.taken().length, "archives that it was asked for").toBeGreaterThan(0)
    expect(proxy.refused).toBe(0)
  })

  test("and so is what comes from npm and PyPI", async () => {
    for (const stage of ["gateway", "lab"]) said += (await closed(["call", "stage", `--name=${stage}`, ...IMAGE, "entries"])).stderr
    const hosts = proxy.taken()
    expect(hosts).toContain("registry.npmjs.org:443")
    expect(hosts).toContain("pypi.org:443")
  })

  test("and it keeps its promises in a lab that asks no proxy for what is in it", async () => {
    const { stdout, stderr } = await closed(["call", "smoke", ...IMAGE, "--only=user,socket", "summary"])
    said += stderr
    expect(stdout).toMatch(/\d+ passed, 0 failed, 0 skipped/)
    expect(proxy.taken().filter((host) => /^(10|127)\./.test(host))).toEqual([])
  })

  test("the image has nothing of it: no file, no variable, no label", async () => {
    const words = [...logins(), network.address].map((word) => `--regexp=${word}`)
    expect(await (await layersOf(built)).having("--fixed-strings", ...words)).toEqual([])
  })

  test("nor have what the calls said, the engine's log and what its processes were called with", async () => {
    for (const word of logins()) expect(said).not.toContain(word)
    expect(await having(join(engine.home, "run"))).toEqual([])
    if (existsSync(join(engine.home, "logs"))) expect(await having(join(engine.home, "logs"))).toEqual([])
    const outer = readFileSync(join(engine.home, "run/engine.pid"), "utf8").trim()
    for (const pid of [outer, enginePid(engine.home)]) expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).not.toContain(proxy.password)
  })

  test("with another password the engine is started again, and all that it built stays", async () => {
    proxy.password = "an%20other"
    const again = tarball()
    const { stderr } = await closed(["call", "build", ...IMAGE, "export", `--path=${again}`])
    expect(stderr).toContain("the engine is started again: this call has other proxies than it has")
    expect(proxy.taken()).toEqual([])
    expect((await layersOf(again)).digests).toEqual((await layersOf(built)).digests)
  })
})

test(
  "a proxy on this machine's loopback is in reach of the engine's containers",
  async () => {
    const near = new ForwardProxy()
    await near.listen("127.0.0.1")
    const own = await seededEngine()
    const container = ["core", "container", "from", "--address=debian:trixie-slim"]
    const args = [...container, "with-exec", "--args=apt-get,update,--error-on=any", "stdout"]
    const env = { ...own.env, CI: "true", http_proxy: near.address("localhost"), https_proxy: near.address("127.0.0.1") }
    const { exitCode, stderr } = await execa(run, ["--engine=embedded", ...args], { cwd: room(), env, reject: false, stdin: "ignore" })
    near.close()
    expect(exitCode, stderr).toBe(0)
    expect(near.taken().length).toBeGreaterThan(0)
  },
  20 * MINUTE,
)
