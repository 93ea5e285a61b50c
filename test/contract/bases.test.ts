import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const room = mkdtempSync(join(tmpdir(), "helios-bases-"))
const digest = `sha256:${"a".repeat(64)}`
/** A registry with every stand-in. */
const registry = createServer((_, response) => response.writeHead(200, { "docker-content-digest": digest }).end())
beforeAll(() => new Promise<void>((done) => registry.listen(0, "127.0.0.1", done)))
afterAll(() => {
  registry.close()
  rmSync(room, { recursive: true })
})

/** What dagger is called with on the embedded engine, a word an element. */
async function words(line: string, cwd = ROOT): Promise<string[]> {
  const { port } = registry.address() as AddressInfo
  const script = `ENGINE_DIR=${ROOT}/dagger/engine FARM=${ROOT} ARCH=amd64 REGISTRY=127.0.0.1:${port} RUN=${room}
    . "$ENGINE_DIR/arguments.sh"; . "$ENGINE_DIR/pins.sh"; with_bases "$@"; printf '%s\\n' "\${ARGS[@]}"`
  const { stdout } = await execa("bash", ["--norc", "-euc", script, "bash", ...line.split(" ")], { cwd })
  return stdout.split("\n")
}

const given = expect.stringMatching(RegExp(`^--bases=${room}/bases/[0-9a-f]{16}\\.json$`))

test.each([
  "call | build --distro=bookworm",
  "--progress=logs -vv call | --mirror=git://x smoke --distro bookworm",
  "--progress plain call | build --distro=bookworm",
  `call | --mod=${ROOT} build --distro=bookworm`,
  `--mod ${ROOT} call | build --distro=bookworm`,
  `-m ${ROOT} call | build --distro=bookworm`,
])("%s: the farm's own module gets the stand-ins' digests at the bar", async (line) => {
  const [before = "", after = ""] = line.split(" |")
  const found = await words(before + after)
  expect(found).toEqual([...before.split(" "), given, ...after.trim().split(" ")])
  const text = JSON.parse(readFileSync((found.find((word) => word.startsWith("--bases=")) as string).slice(8), "utf8"))
  expect(text).toEqual({ "debian:bookworm-slim": digest, "debian:trixie-slim": digest })
})

test.each([
  ["another module", "call --mod=examples/typescript smoke --distro=bookworm"],
  ["a remote one", "call --mod=github.com/helios-desktops/helios smoke --distro=bookworm"],
  ["what takes none", "call distros summary"],
  ["a file of the caller's own", "call --bases=bases.json build --distro=bookworm"],
  ["help", "call build --help"],
  ["another command", "check --mod=dagger/dev"],
])("%s is called as it is: %s", async (_, line) => expect(await words(line)).toEqual(line.split(" ")))

test("so is a module in another folder, and the farm's own from any of its folders gets them", async () => {
  mkdirSync(join(room, "elsewhere"))
  const line = "call build --distro=bookworm"
  expect(await words(line, join(room, "elsewhere"))).toEqual(line.split(" "))
  expect(await words(line, join(ROOT, "docs"))).toEqual(["call", given, "build", "--distro=bookworm"])
})
