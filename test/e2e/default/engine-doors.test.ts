import { readFileSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { complaint, dagger, type Engine, MINUTE, processesOf, room, seededEngine, wipeAll } from "../../support/engine/engine.ts"

afterAll(wipeAll, 5 * MINUTE)

const MANIFESTS = ["application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json"].join(", ")
/** A command as anybody on the machine runs it. */
const asNobody = (...command: string[]) =>
  execa("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", ...command], { reject: false, cwd: "/" })

describe("others on the machine, and an engine whose base image was made anew", () => {
  let engine: Engine
  const core = (...args: string[]) =>
    dagger(engine, ["--yes", "core", "container", "from", "--address=debian:trixie-slim", ...args], { cwd: room() })
  const ask = (method: string, path: string, body?: string) =>
    fetch(`http://127.0.0.1:${engine.port}/v2/${path}`, { method, body: body ?? null, headers: { accept: MANIFESTS } })

  beforeAll(async () => {
    engine = await seededEngine()
    for (const name of ["bases", "images"]) rmSync(join(engine.home, name), { recursive: true, force: true })
    const made = await core("sync")
    expect(made.exitCode, String(made.stderr)).toBe(0)
    expect(made.stderr).toMatch(/base image debian:trixie for \w+, from Debian: done/)
  }, 25 * MINUTE)

  test("the home is root's alone, with the engine's socket", async () => {
    expect(statSync(engine.home).mode & 0o777).toBe(0o700)
    for (const path of ["", "run/engine.sock", "run/registry.yml", "logs"]) {
      const { exitCode, stderr } = await asNobody("ls", join(engine.home, path))
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining("Permission denied")])
    }
  })

  test("its registry has the image that was made, and takes no other", async () => {
    const had = await ask("GET", "library/debian/manifests/trixie-slim")
    const text = await had.text()
    expect([had.status, text]).toEqual([200, expect.stringContaining('"schemaVersion"')])
    const digest = had.headers.get("docker-content-digest")
    expect((await ask("POST", "library/debian/blobs/uploads/")).status).toBe(405)
    expect((await ask("PUT", "library/debian/manifests/trixie-slim", text)).status).toBe(405)
    for (const what of ["manifests", "blobs"]) expect((await ask("DELETE", `library/debian/${what}/${digest}`)).status).toBe(405)
    expect((await ask("HEAD", "library/debian/manifests/trixie-slim")).headers.get("docker-content-digest")).toBe(digest)
  })

  test("nor does the engine get one in", async () => {
    const { exitCode, stderr } = await core("publish", `--address=127.0.0.1:${engine.port}/library/debian:trixie-slim`)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/405 Method Not Allowed/)
  })

  test("the one that wrote it has ended", () => {
    const registries = processesOf(engine.home).map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim())
    expect(registries.filter((line) => line.startsWith("docker-registry"))).toEqual([
      `docker-registry serve ${join(engine.home, "run/registry.yml")}`,
    ])
  })

  test("a program of another's on the registry's port is not taken for it", async () => {
    process.kill(Number(readFileSync(join(engine.home, "run/registry.pid"), "utf8")), "SIGKILL")
    const listens = `setTimeout(() => {}, 60000); const server = require("net").createServer()
      server.on("error", () => setTimeout(() => server.listen(${engine.port}, "127.0.0.1"), 50))
      server.listen(${engine.port}, "127.0.0.1", () => console.log("listening"))`
    const other = execa("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", process.execPath, "-e", listens], {
      reject: false,
      cwd: "/",
    })
    await new Promise((done) => other.stdout.once("data", done))
    const result = await core("sync")
    other.kill()
    await other
    expect(complaint(result)).toMatch(RegExp(`port ${engine.port} on 127.0.0.1 is taken `))
    expect((await core("sync")).exitCode).toBe(0)
  })
})
