import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { readParts } from "../../../docs/.vitepress/tables/costs.ts"
import { ALL_PARTS } from "../../../src/core/plan/parts.ts"
import { watchingCompilers } from "../../support/compilers.ts"
import { drawCosts } from "../../support/costs.ts"
import { dagger, type Engine, room, run, seededEngine, wipeAll } from "../../support/engine/engine.ts"
import { call, clean, MINUTE, MIRROR, NO_MIRROR, ROOT, reportFolder } from "../../support/farm.ts"
import { idle } from "../../support/idle.ts"
import { differences, layersOf } from "../../support/layers.ts"
import { between } from "../../support/releases/registry.ts"
import { type Spent, spending } from "../../support/spent.ts"
import { entry, keys, makeStore, PATH, pushing, stored, type TestStore, told } from "../../support/store.ts"

const BOOKWORM = ["--distro=bookworm", "--profile=helios"]

let store: TestStore

/** An engine that has built nothing yet. Whatever base images this machine had to make, as no registry has them for it, it has. */
async function another(): Promise<Engine> {
  const engine = await seededEngine()
  await execa(run, ["--engine=embedded", "--yes", "engine", "up"], { env: engine.env })
  return engine
}

/** What building the image on an engine took, and what compiled meanwhile; its layers, of which a file is written afterwards. */
async function built(engine: Engine, options: string[]) {
  const asked = (...then: string[]) =>
    dagger(engine, ["call", ...options, "build", ...BOOKWORM, ...then], { cwd: ROOT, timeout: 55 * MINUTE })
  const call = () => watchingCompilers(() => asked("sync"))
  await idle()
  const { result: watched, ...rest } = await spending(engine.home, call)
  const { result, seconds, compilers } = watched
  expect(result.exitCode, String(result.stderr).slice(-4000)).toBe(0)
  const spent: Spent = { seconds: Math.round(seconds), ...rest }
  console.log(JSON.stringify({ ...spent, compilers: compilers.length }))
  const tarball = join(room(), "image.tar")
  expect((await asked("export", `--path=${tarball}`)).exitCode).toBe(0)
  return { layers: await layersOf(tarball), spent, compilers }
}

/** Writes down what a first image took without and with a store, and draws what follows: docs/data/costs.json has it. */
async function report(cold: Spent, warm: Spent): Promise<void> {
  const entries = await Promise.all([...(await keys(store)).values()].map((key) => entry(key)))
  const megabytesOfEntries = Math.round(entries.flat().reduce((sum, { size }) => sum + size / 1e6, 0))
  const { smokeSeconds, megabytesOfImage } = readParts()
  const text = JSON.stringify({ cold, warm, megabytesOfEntries, smokeSeconds, megabytesOfImage }, null, 2)
  const file = join(reportFolder(), "costs.json")
  writeFileSync(file, `${text}\n`)
  await drawCosts(file, file.replace(/json$/, "svg"))
  console.log(text)
}

describe.skipIf(!MIRROR).sequential(`a store of components${MIRROR ? "" : `, ${NO_MIRROR}`}`, { timeout: 60 * MINUTE }, () => {
  beforeAll(async () => {
    store = await makeStore()
  }, 40 * MINUTE)
  afterAll(wipeAll, 20 * MINUTE)
  afterAll(clean)

  test("is filled by a push: an entry for each part, signed; a second one finds all of them there", async () => {
    const lines = (await call(pushing(store), 55)).split("\n")
    expect(lines.map((line) => line.replace(/[0-9a-f]{64}/, "KEY"))).toEqual(
      [
        "s6 linux/amd64",
        "virtualgl linux/amd64",
        "xorg-21.1.4 linux/amd64",
        "novnc any",
        "kclient any",
        "kclient-native linux/amd64",
        "licences any",
      ].map((name) => `pushed ${name} as KEY`),
    )
    expect((await call(pushing(store))).split("\n")).toEqual(lines.map((line) => line.replace(/^pushed/, "has")))
    expect((await keys(store)).size).toBe(ALL_PARTS.length)
  })

  test("makes a second engine's first image without a compiler, in a quarter of the time, of the same bytes", async () => {
    // After the push, which has those base images made.
    const [second, third] = [await another(), await another()]
    const watched = await between(() => false)
    const warm = await built(second, stored(store, PATH, watched.registry))
    watched.close()
    const cold = await built(third, store.helios)
    const pulled = new Set(watched.requests.filter((line) => /^GET .*\/blobs\//.test(line)))
    await report(cold.spent, warm.spent)
    console.log(`${watched.requests.length} requests of the registry, ${pulled.size} blobs`)
    expect(warm.compilers).toEqual([])
    expect(cold.compilers.length).toBeGreaterThan(100)
    expect(differences(warm.layers, cold.layers)).toEqual([])
    expect(warm.layers.digests).toEqual(cold.layers.digests)
    expect(warm.spent.seconds / cold.spent.seconds).toBeLessThan(0.25)
  })

  test("that is cut off half-way gives nothing, and the part is built", async () => {
    const layers = await entry((await keys(store)).get("novnc") as string)
    const cut = await between((asked, response) => {
      if (asked.method !== "GET" || !layers.some(({ digest }) => asked.url?.endsWith(`/blobs/${digest}`))) return false
      response.writeHead(200, { "content-length": "100000" })
      response.write("half")
      setTimeout(() => response.destroy(), 50)
      return true
    })
    // The others have the layer, which is that of their image.
    const fourth = await seededEngine()
    try {
      expect(await told(stored(store, PATH, cut.registry), fourth)).toMatch(
        /novnc, the store's entry [0-9a-f]{12}: .*; it is built in its place/,
      )
    } finally {
      cut.close()
    }
  })

  test("is verified: signatures, blobs, and one entry by building it anew", async () => {
    const said = await call([...stored(store), "store", "verify", "--distro=bookworm"], 55)
    expect(said).toMatch(/^7 entries are signed and whole\n\S+ \S+, built anew, has the same bytes: sha256:[0-9a-f]{64}$/)
  })
})
