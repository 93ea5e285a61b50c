import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { built, complaint, dagger, type Engine, MINUTE, newEngine, room, wipeAll } from "../../support/engine/engine.ts"

const isBuilt = existsSync(join(built, "bin/engine"))

let file: string

const engineOf = (engine: Engine, ...args: string[]) => dagger(engine, ["engine", ...args], { env: { CI: "true" } })

/** A file of the same kind for another processor. */
async function relabelled(): Promise<string> {
  const folder = room()
  writeFileSync(join(folder, "helios-engine"), "Dagger v0.21.8 linux/riscv64\n")
  await execa("tar", ["--create", "--zstd", "--file=other.tar.zst", "helios-engine"], { cwd: folder })
  return join(folder, "other.tar.zst")
}

beforeAll(async () => {
  file = join(room(), "engine.tar.zst")
  const { exitCode, stderr } = await engineOf(await newEngine(built), "export", file)
  expect(exitCode, String(stderr)).toBe(0)
  expect(stderr).toMatch(/wrote .*engine\.tar\.zst, \d+M, sha256:[0-9a-f]{64}$/m)
}, 20 * MINUTE)
afterAll(wipeAll, 5 * MINUTE)

describe.skipIf(!isBuilt)(
  `an engine that was built elsewhere ${isBuilt ? "" : "skipped: none is built here"}`,
  { timeout: 10 * MINUTE },
  () => {
    test("is taken from its file in place of being built, with the bases that it has, and the farm runs on it", async () => {
      const engine = await newEngine()
      const began = Date.now()
      const imported = await engineOf(engine, "import", file)
      expect(imported.exitCode, String(imported.stderr)).toBe(0)
      console.log(`imported in ${(Date.now() - began) / 1000} s`)
      const called = await dagger(engine, ["call", "version"], { env: { CI: "true" } })
      console.log(`the farm's version after ${(Date.now() - began) / 1000} s`)
      expect(called.exitCode, String(called.stderr)).toBe(0)
      expect(called.stdout).toMatch(/^\d+\.\d+\.\d+$/)
      expect(called.stderr).not.toMatch(/compiled from Go modules|root file system, from Debian|the TypeScript SDK/)
      expect(readdirSync(join(engine.home, "bases"))).toEqual(readdirSync(join(built, "bases")))
      expect(existsSync(join(engine.home, "tmp"))).toBe(false)
      expect(complaint(await engineOf(engine, "import", file))).toMatch(/there is an engine in .* already: run {2}dagger\/run engine wipe/)
    })

    test.each([
      ["that is cut off", () => cut(), /error: cut off, or no file of dagger\/run engine export's/],
      ["that is no such file", () => plain("a text\n"), /error: cut off, or no file of dagger\/run engine export's/],
      ["of another processor", () => relabelled(), /error: expected Dagger v0\.21\.8 linux\/\w+, got Dagger v0\.21\.8 linux\/riscv64/],
      ["that others may write to", () => writable(), /others than root may write to it, and root would run what is in it/],
      ["that isn't there", async () => "/nowhere", /expected a file that dagger\/run engine export wrote, got none/],
    ])("a file %s is refused, and nothing is left of it", async (_, make, words) => {
      const engine = await newEngine()
      const { exitCode, stderr } = await engineOf(engine, "import", await make())
      expect(exitCode).toBe(1)
      expect(String(stderr)).toMatch(words)
      for (const name of ["bin", "root", "sdk", "tmp"]) expect(existsSync(join(engine.home, name)), name).toBe(false)
    })

    test.each(["export", "import"])("%s without a file says what it needs", async (verb) => {
      expect(complaint(await engineOf(await newEngine(), verb))).toMatch(
        `engine ${verb} needs the name of the file, such as engine.tar.zst`,
      )
    })
  },
)

async function plain(text: string | Buffer): Promise<string> {
  const path = join(room(), "file")
  writeFileSync(path, text)
  return path
}

const cut = () => plain(readFileSync(file).subarray(0, 1e6))

async function writable(): Promise<string> {
  const path = await plain("a text\n")
  chmodSync(path, 0o666)
  return path
}
