import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const bin = mkdtempSync(join(tmpdir(), "helios-password-"))
const LINE = /^helios: (?:(http:\/\/localhost:\d+) {2})?user helios, password ([A-Za-z2-9]{20})$/gm
const OWN = "HELIOS_DESKTOP_PASSWORD"

/** In the place of dagger: prints the password and the line that it was given, then its words, a line each. */
const SAYS = `#!/bin/sh
printf '%s\\n' "\${${OWN}-none}" "\${HELIOS_DESKTOP_SAYS-none}" "$@"
eval "\${AFTER-}"
`

beforeAll(() => {
  for (const [name, text] of [
    ["dagger", SAYS],
    ["docker", "#!/bin/sh\n"],
  ] as const) {
    writeFileSync(join(bin, name), text)
    chmodSync(join(bin, name), 0o755)
  }
})
afterAll(() => rmSync(bin, { recursive: true }))

const clean = { ...process.env, [OWN]: undefined, _EXPERIMENTAL_DAGGER_RUNNER_HOST: undefined, PATH: `${bin}:${process.env.PATH}` }

/** What the dagger of this machine is called with, and what is told. */
async function called(args: string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
  const { cwd = ROOT, env = {} } = options
  const { stdout, stderr } = await execa(join(ROOT, "dagger/run"), ["--engine=system", ...args], { cwd, env: { ...clean, ...env } })
  const [password, , ...words] = stdout.split("\n")
  return { password, words, stderr, told: [...stderr.matchAll(LINE)].map(([, address, told]) => ({ address, told })) }
}

describe("a desktop that is brought up without a password", () => {
  test.each([
    ["call desktop | --distro=sid up --ports=3000:3000", "http://localhost:3000"],
    ["--silent call --mirror=git://x desktop | --distro desktop --profile kvdi up", "http://localhost:3000"],
    ["--progress plain -vv call --mirror git://x desktop | --distro=sid up --ports 8080:3000", "http://localhost:8080"],
    ["call image --distro=sid service | up --ports=8081:3000,8082:3000", "http://localhost:8081"],
    ["call desktop | --distro=sid with-hostname --hostname=x up", "http://localhost:3000"],
    ["call desktop | --distro=sid up --random", undefined],
    ["call desktop | --distro=sid up --ports=0:3000", undefined],
    ["call desktop | --distro=sid up --ports=99999:3000", undefined],
  ])("%s: is given a random one at the bar, told in one line", async (line, address) => {
    const { words, password, told, stderr } = await called(line.replace(" |", "").split(" "))
    expect(words).toEqual(line.replace("|", `--password=env:${OWN}`).split(" "))
    expect(told).toEqual([{ address, told: password }])
    expect(stderr.split("\n")).toHaveLength(1)
    expect(words.join(" "), "it is no argument").not.toContain(password)
  })

  test("is given another one each time, also where one is in the environment", async () => {
    const calls = await Promise.all(["", "0pen-sesame"].map((own) => called(["call", "desktop", "up"], { env: { [OWN]: own } })))
    const passwords = calls.map(({ told }) => told[0]?.told)
    expect(new Set([...passwords, "0pen-sesame", undefined]).size).toBe(4)
  })
})

describe("nothing is added to", () => {
  test.each([
    "call desktop --distro=sid --password=env:MINE up",
    "call desktop --password env:MINE --distro=sid up",
    "call image --distro=sid service --password=file:mine up",
    "call desktop --distro=sid up --help",
    "call desktop --distro=up",
    "call desktop --distro=sid endpoint",
    "call build --distro=sid up",
    "call build --distro desktop up",
    "call image --distro=sid container up",
    "--mod=examples/go call desktop --distro=sid up",
    "-m examples/go call desktop --distro=sid up",
    "call smoke --distro=sid summary",
    "version",
  ])("%s", async (line) => {
    expect(await called(line.split(" "))).toEqual({ password: "none", words: line.split(" "), stderr: "", told: [] })
  })

  test("a call of another module", async () => {
    const args = ["call", "desktop", "up"]
    const cwd = join(ROOT, "examples/go")
    expect((await called(args, { cwd })).words).toEqual(args)
    expect((await called(args, { cwd: join(ROOT, "test/fixtures") })).words).toHaveLength(4)
  })
})

describe("on the engine that dagger/run builds", () => {
  const shown = { [OWN]: "abc", HELIOS_DESKTOP_SAYS: "helios: where and who" }
  /** call.mjs as dagger/run starts it, and how often it told. */
  async function run(env: Record<string, string | undefined>) {
    const words = [join(ROOT, "dagger/engine/call.mjs"), String(process.pid), "log", join(bin, "dagger"), "call"]
    const { stdout, stderr } = await execa("node", words, { env: { ...clean, ...env } })
    return { child: stdout.split("\n"), told: stderr.split("\n").filter((line) => line.startsWith("helios: ")) }
  }

  test("the line comes once, when the page's port is open, and dagger itself isn't given it", async () => {
    const server = createServer().listen(0, "127.0.0.1")
    await new Promise((done) => server.once("listening", done))
    const { port } = server.address() as AddressInfo
    server.close()
    await new Promise((done) => server.once("close", done))
    const env = { ...shown, HELIOS_DESKTOP_PORT: String(port), AFTER: "sleep 3" }
    const open = setTimeout(() => server.listen(port, "127.0.0.1"), 1000)
    expect(await run(env)).toEqual({ child: ["abc", "none", "call"], told: [shown.HELIOS_DESKTOP_SAYS] })
    clearTimeout(open)
    await new Promise((done) => server.close(done))
    expect((await run({ ...env, AFTER: "sleep 1" })).told, "where it never is").toEqual([])
  })

  test("it comes at once where Dagger chooses the port", async () => {
    expect((await run({ ...shown, HELIOS_DESKTOP_PORT: "" })).told).toEqual([shown.HELIOS_DESKTOP_SAYS])
  })
})
