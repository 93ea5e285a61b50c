import { appendFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ClosedNetwork } from "../../support/engine/closed.ts"
import { checkout, type Engine, seededEngine, wipeAll } from "../../support/engine/engine.ts"
import { clean, MINUTE, need, room } from "../../support/farm.ts"
import { layersOf } from "../../support/layers.ts"
import { Registries } from "../../support/upstreams/registries.ts"

const IMAGE = ["--distro=bookworm", "--profile=kvdi"]

const network = new ClosedNetwork()
const registries = new Registries()
let engine: Engine
let farm: string
let archives: string

/** Runs dagger/run where only the registry can be reached. */
async function closed(...args: string[]): Promise<string> {
  const command = [join(farm, "dagger/run"), "--engine=embedded", "call", ...args]
  const { stdout, stderr, exitCode } = await network.run(command, { cwd: farm, env: { ...engine.env, CI: "true" } })
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: dagger/run call ${args.join(" ")}\n${String(stderr).slice(-4000)}`)
  return String(stdout).trim()
}

beforeAll(async () => {
  await need("ip", ["iproute2"])
  await network.open()
  await registries.listen(network.address)
  engine = await seededEngine()
  farm = await checkout()
  // The module's own packages come by npm's own file.
  appendFileSync(join(farm, ".npmrc"), `registry=${registries.at("npm")}/\n`)
  archives = join(room(), "archives.json")
  const places = {
    debian: registries.at("debian"),
    "debian-security": registries.at("debian-security"),
    npm: `${registries.at("npm")}/`,
    pypi: `${registries.at("pypi")}/simple`,
  }
  writeFileSync(archives, JSON.stringify(places))
}, 5 * MINUTE)
afterAll(wipeAll, 5 * MINUTE)
afterAll(() => registries.close())
afterAll(() => network.close())
afterAll(clean)

describe.sequential("where only a company's registry can be reached", { timeout: 45 * MINUTE }, () => {
  let built: string

  test("an image is built of the archives that it has", async () => {
    built = join(room(), "image.tar")
    await closed(`--archives=${archives}`, "build", ...IMAGE, "export", `--path=${built}`)
    expect(registries.asked.get("debian")).toBeGreaterThan(0)
  })

  test("and the lab and the gateway of what it has of npm and PyPI", async () => {
    registries.asked.clear()
    for (const stage of ["gateway", "lab"]) await closed(`--archives=${archives}`, "stage", `--name=${stage}`, ...IMAGE, "entries")
    expect([...registries.asked.keys()]).toEqual(expect.arrayContaining(["npm", "pypi", "files"]))
  })

  test("and the image names the archives' own addresses, and nothing else of it", async () => {
    const layers = await layersOf(built)
    expect(await layers.read("etc/apt/sources.list.d/debian.sources")).not.toContain(network.address)
    expect([...layers.files.keys()].filter((path) => /helios\/(archives|live)|zz-helios-archives/.test(path))).toEqual([])
    expect(await layers.having("--fixed-strings", `--regexp=${network.address}`)).toEqual([])
  })

  test("and an archive that isn't said to be there is told in one line", async () => {
    const half = join(room(), "half.json")
    writeFileSync(half, JSON.stringify({ debian: registries.at("debian") }))
    await expect(closed(`--archives=${half}`, "stage", "--name=packages", ...IMAGE, "entries")).rejects.toThrow(/deb.*debian-security/)
  })
})
