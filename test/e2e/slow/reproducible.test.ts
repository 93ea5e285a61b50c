import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { checkout, dagger, type Engine, room, run, seededEngine, wipeAll } from "../../support/engine/engine.ts"
import { clean, MINUTE, MIRROR, NO_MIRROR, need, ROOT } from "../../support/farm.ts"
import { differences, type Layers, layersOf } from "../../support/layers.ts"

const LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
const COMMIT = "--commit=0123456789abcdef0123456789abcdef01234567"
const KVDI = ["--distro=bookworm", "--profile=kvdi"]

/** An engine with empty caches, and a checkout of the farm for it. */
interface Machine {
  engine: Engine
  farm: string
}
let here: Machine
let elsewhere: Machine

/** An engine whose containers have another clock, name and count of cores. */
async function movedEngine(): Promise<Engine> {
  await need("faketime", ["faketime"])
  const engine = await seededEngine()
  const root = join(engine.home, "root/usr/local")
  // It shares its files with the engine that it was seeded from.
  rmSync(join(root, "bin/runc"))
  cpSync(join(ROOT, "test/support/engine/elsewhere/runc"), join(root, "bin/runc"))
  cpSync(LIBRARY, join(root, "lib/libfaketime.so.1"))
  await execa("unshare", ["--uts", join(ROOT, "test/support/engine/elsewhere/machine"), run, "engine", "up"], { env: engine.env })
  return engine
}

async function output({ engine, farm }: Machine, args: string[]): Promise<string> {
  // Its own dagger/run: to another checkout's this one would be somebody's module, of which it doesn't say what the bases are.
  const own = join(farm, "dagger/run")
  const { exitCode, stdout, stderr } = await dagger(engine, args, { cwd: farm, timeout: 55 * MINUTE }, own)
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${args.join(" ")}\n${String(stderr).slice(-4000)}`)
  return String(stdout)
}

async function built(machine: Machine, before: string[], image: string[]): Promise<Layers> {
  const tarball = join(room(), "image.tar")
  await output(machine, ["call", ...before, COMMIT, "build", ...image, "export", `--path=${tarball}`])
  return layersOf(tarball)
}

/** The same image from both machines. */
async function both(before: string[], image: string[]): Promise<[Layers, Layers]> {
  return [await built(here, before, image), await built(elsewhere, before, image)]
}

function expectSame([one, other]: [Layers, Layers]): void {
  const differing = differences(one, other)
  console.log(`${one.files.size} files in ${one.digests.length} layers, of which ${differing.length} differ\n${differing.join("\n")}`)
  expect(differing).toEqual([])
  expect(other.digests).toEqual(one.digests)
  expect(other.config).toEqual(one.config)
}

beforeAll(async () => {
  here = { engine: await seededEngine(), farm: ROOT }
  elsewhere = { engine: await movedEngine(), farm: await checkout() }
}, 20 * MINUTE)
afterAll(wipeAll, 20 * MINUTE)
afterAll(clean)

describe.sequential("two builds from empty caches", { timeout: 110 * MINUTE }, () => {
  test("are on machines of another day, name and number of cores", async () => {
    const asks = ["core", "container", "from", "--address=debian:bookworm-slim"]
    const ask = async (machine: Machine, ...command: string[]) =>
      (await output(machine, [...asks, "with-exec", `--args=${command.join(",")}`, "stdout"])).trim()
    const day = async (machine: Machine) => Math.floor(Number(await ask(machine, "date", "+%s")) / 86_400)
    expect(await day(elsewhere)).toBe((await day(here)) + 1)
    expect(await ask(elsewhere, "hostname")).toBe("elsewhere")
    expect(await ask(here, "hostname")).not.toBe("elsewhere")
    expect([await ask(here, "nproc"), await ask(elsewhere, "nproc")]).toEqual([expect.not.stringMatching(/^1$/), "1"])
  })

  test("of kvdi are equal: every file, every layer's digest, and the configuration but for its dates", async () => {
    const images = await both([], KVDI)
    expectSame(images)
    const listed = (await output(here, ["call", COMMIT, "image", ...KVDI, "packages"])).trim().split("\n")
    const kept = (await images[0].read("usr/share/doc/helios/packages.tsv")).split("\n").map((line) => line.split("\t"))
    expect(kept.map(([name, version, architecture]) => `${name} ${version} ${architecture}`)).toEqual(listed.sort())
    expect(kept.filter(([, , , hash]) => !/^[0-9a-f]{64}$/.test(hash as string))).toEqual([])
    const tini = kept.find(([name]) => name === "tini") as string[]
    const fetching = [
      ["apt-get", "update"],
      ["apt-get", "download", `tini=${tini[1]}`],
      ["find", ".", "-name", "tini_*.deb", "-exec", "sha256sum", "{}", "+"],
    ]
    const steps = fetching.flatMap((command) => ["with-exec", `--args=${command.join(",")}`])
    const from = ["core", "container", "from", "--address=debian:bookworm-slim", "with-workdir", "--path=/tmp"]
    expect(await output(here, [...from, ...steps, "stdout"])).toContain(tini[3])
  })

  test("of an image that tells when it was made are not", async () => {
    const distros = room()
    mkdirSync(join(distros, "dated"))
    const distro = { name: "dated", title: "Debian 12 with a date", extends: "bookworm" }
    writeFileSync(join(distros, "dated/distro.json"), JSON.stringify(distro))
    writeFileSync(join(distros, "dated/system.sh"), "date +%s%N >/etc/made\n")
    const [one, other] = await both([`--distros=${distros}`], ["--distro=dated", "--profile=kvdi"])
    expect(differences(one, other).map((line) => line.split(":")[0])).toEqual(["0 ./etc/made"])
    expect(other.digests.map((digest, layer) => digest === one.digests[layer])).toEqual([false, true, true, true, true, true])
  })

  test.skipIf(!MIRROR)(`of helios are equal likewise, its components compiled anew ${MIRROR ? "" : NO_MIRROR}`, async () => {
    expectSame(await both([`--mirror=${MIRROR}`], ["--distro=bookworm", "--profile=helios"]))
  })
})
