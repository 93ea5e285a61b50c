import { once } from "node:events"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, describe, expect, test } from "vitest"
import { parse } from "yaml"
import { ROOT } from "../support/catalog.ts"

const home = mkdtempSync(join(tmpdir(), "helios-registry-"))
mkdirSync(join(home, "run"))
afterAll(() => rmSync(home, { recursive: true }))

const NOBODY = ["--reuid=65534", "--regid=65534", "--clear-groups"]
const isRoot = process.getuid?.() === 0
const NO_ROOT = isRoot ? "" : ", skipped: it takes root to run something as another"

/** What functions of the engine's come to, with a home and a port that nothing else has. */
function engine(command: string, port = 1) {
  const script = `ENGINE_DIR=${ROOT}/dagger/engine
    for part in common daemons; do . "$ENGINE_DIR/$part.sh"; done; ${command}`
  const env = { HELIOS_ENGINE_HOME: home, HELIOS_REGISTRY_PORT: String(port) }
  return execa("bash", ["--norc", "-uo", "pipefail", "-c", script], { env, reject: false })
}

const holds = async (command: string, port?: number) => (await engine(command, port)).exitCode === 0

describe("the engine's registry", () => {
  test("takes nothing from anybody, on loopback alone; the one that writes to the same folder is another", async () => {
    const [serves, writes] = await Promise.all(["true", "false"].map(async (is) => parse((await engine(`registry_config ${is}`)).stdout)))
    expect(serves).toEqual({
      version: expect.anything(),
      log: expect.anything(),
      storage: { filesystem: { rootdirectory: join(home, "images") }, maintenance: { readonly: { enabled: true } } },
      http: { addr: "127.0.0.1:1" },
    })
    expect(writes).toEqual({ ...serves, storage: { ...serves.storage, maintenance: { readonly: { enabled: false } } } })
  })

  test("that was started by another version, or takes something, is started again", async () => {
    const write = (text: string) => writeFileSync(join(home, "run/registry.yml"), text)
    write(`${(await engine("registry_config true")).stdout}\n`)
    expect(await holds("registry_matches")).toBe(true)
    expect(await holds("registry_matches", 2)).toBe(false)
    write((await engine("registry_config false")).stdout)
    expect(await holds("registry_matches")).toBe(false)
    rmSync(join(home, "run/registry.yml"))
    expect(await holds("registry_matches")).toBe(false)
  })

  test("is written to where nobody else is: nothing is pushed to the one that serves", async () => {
    const { stdout } = await engine('. "$ENGINE_DIR/bases.sh"; declare -f make_base push_base')
    const [, make = "", push = ""] = stdout.split(/^(?:make|push)_base \(\)/m)
    expect(make).toMatch(/^ *unshare --net --pid --fork --kill-child=KILL bash .* __step push_base /m)
    expect(make).not.toMatch(/skopeo|tag\.mjs|REGISTRY/)
    expect(push).toMatch(/registry_config false/)
    expect(push).toMatch(/skopeo copy/)
  })

  test("is what listens on its port", async () => {
    const server = createServer().listen(0, "127.0.0.1")
    await once(server, "listening")
    const { port } = server.address() as AddressInfo
    expect([await holds("listening", port), await holds("serving", port)]).toEqual([true, true])
    server.close()
    await once(server, "close")
    expect([await holds("listening", port), await holds("serving", port)]).toEqual([false, false])
  })

  test.skipIf(!isRoot)(`is no program of another's, on its port or under its number${NO_ROOT}`, async () => {
    const words = ["serve", join(home, "run/registry.yml"), "1000"]
    const says = "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })"
    const start = (as: string[]) => execa("setpriv", [...as, process.execPath, "-e", says, ...words], { reject: false, cwd: "/" })
    for (const [as, isOurs] of [
      [NOBODY, false],
      [[], true],
    ] as const) {
      const running = start([...as])
      const [data] = await once(running.stdout, "data")
      const port = Number(String(data))
      writeFileSync(join(home, "run/registry.pid"), String(running.pid))
      expect(await holds("listening", port)).toBe(true)
      expect([await holds("serving", port), await holds("registry_pid", port)]).toEqual([isOurs, isOurs])
      running.kill()
      await running
    }
  })
})
