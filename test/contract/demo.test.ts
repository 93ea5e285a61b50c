import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const folder = mkdtempSync(join(tmpdir(), "helios-demo-test-"))
const temporary = join(folder, "tmp")
let daemon: ChildProcess
let mirror: string
let silent: string

/** In the place of dagger/run: says what an engine says, and does what the test wants after that. */
const RUN = `#!/usr/bin/env bash
trap 'echo "helios: cancelled" >&2; exit 143' TERM
echo "dagger/run $*" >>"$CALLS"
echo "▸ base image debian:bookworm for amd64, from Debian: done in 1 s" >&2
for line in {1..500}; do echo "$line : container.withExec"; done >&2
eval "$AFTER"
for word; do
  case $word in --output=*) echo "13 passed, 0 failed, 0 skipped" >"\${word#--output=}/smoke.txt" ;; esac
done
`

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

beforeAll(async () => {
  for (const name of ["dagger", "tmp", "bin"]) mkdirSync(join(folder, name))
  for (const name of ["dagger/demo", "sources.lock.json"]) copyFileSync(join(ROOT, name), join(folder, name))
  writeFileSync(join(folder, "dagger/run"), RUN, { mode: 0o755 })
  const repository = join(folder, "mirror/github.com/kasmtech/KasmVNC")
  await execa("git", ["init", "--quiet", "--bare", repository])
  const [port, other] = [await freePort(), await freePort()]
  mirror = `git://127.0.0.1:${port}`
  silent = `git://bob:secret@127.0.0.1:${other}`
  daemon = spawn("git", ["daemon", `--base-path=${folder}/mirror`, "--export-all", "--reuseaddr", "--listen=127.0.0.1", `--port=${port}`])
  for (let tries = 0; tries < 100; tries += 1) {
    const { exitCode } = await execa("git", ["ls-remote", `${mirror}/github.com/kasmtech/KasmVNC`], { reject: false })
    if (exitCode === 0) return
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error("the git daemon does not answer")
})

afterAll(() => {
  daemon.kill()
  rmSync(folder, { recursive: true })
})

/** Runs the demo: what it said and the calls that it made. `git` takes git's place. */
async function demo({ HELIOS_MIRROR = "", after = "true", git = "", signal }: Record<string, string | undefined>, options: string[] = []) {
  const calls = join(folder, "calls")
  for (const path of [calls, join(folder, "bin/git")]) rmSync(path, { force: true })
  if (git) writeFileSync(join(folder, "bin/git"), `#!/bin/sh\n${git}\n`, { mode: 0o755 })
  const PATH = `${folder}/bin:${process.env.PATH}`
  const env = { ...process.env, PATH, HELIOS_MIRROR, TMPDIR: temporary, CALLS: calls, AFTER: after }
  const child = spawn(join(folder, "dagger/demo"), options, { env, detached: true })
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  if (signal) {
    while (!existsSync(calls)) await new Promise((done) => setTimeout(done, 50))
    process.kill(child.pid as number, signal as NodeJS.Signals)
  }
  const [code] = (await once(child, "exit")) as [number]
  const [stdout, stderr] = await said
  const made = existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : []
  return { code, lines: stdout.trim().split("\n"), stderr, calls: made, log: stdout.match(/log: (\S+)/)?.[1] as string }
}

const profileOf = (calls: string[]) => calls.map((line) => line.match(/--profile=(\S+)/)?.[1])

describe("the demo builds", () => {
  test("helios from a mirror that answers, and hands the mirror on", async () => {
    const { code, lines, calls } = await demo({ HELIOS_MIRROR: mirror })
    expect(lines[0]).toMatch(new RegExp(`^▸ building helios: HELIOS_MIRROR=${mirror} has its sources; log: /`))
    expect(profileOf(calls)).toEqual(["helios"])
    for (const line of calls) expect(line).toMatch(new RegExp(`^dagger/run call --mirror=${mirror} `))
    expect(code).toBe(0)
  })

  test("with the options that it is given", async () => {
    const { calls, lines } = await demo({ HELIOS_MIRROR: mirror }, ["--store=registry/a b", "--store-key=key.pub"])
    for (const line of calls) expect(line).toContain(`call --mirror=${mirror} --store=registry/a b --store-key=key.pub `)
    expect(calls.length).toBe(1)
    expect(lines.at(-1)).toBe("All that it promises: dagger/run call OPTION... smoke --distro=bookworm --profile=helios summary")
  })

  test("an image of which it proves promises that its profile makes", async () => {
    for (const [profile, HELIOS_MIRROR] of Object.entries({ helios: mirror, kvdi: silent })) {
      const { calls } = await demo({ HELIOS_MIRROR })
      const names =
        calls
          .at(-1)
          ?.match(/--only=(\S+)/)?.[1]
          ?.split(",") ?? []
      expect(names.length).toBeGreaterThan(1)
      for (const name of names) expect(existsSync(join(ROOT, `common/smoke/${profile}/${name}.bats`)), name).toBe(true)
    }
  })

  test("kvdi where that doesn't, and tells no password of it", async () => {
    const { code, lines, calls } = await demo({ HELIOS_MIRROR: silent })
    const address = silent.replace("bob:secret@", "")
    expect(lines[0]).toMatch(
      new RegExp(`^▸ building kvdi: helios' sources can't be reached, as HELIOS_MIRROR=${address} does not answer; log: /`),
    )
    expect(profileOf(calls)).toEqual(["kvdi"])
    expect(calls.join()).not.toContain("--mirror")
    expect(code).toBe(0)
  })

  test("helios where the internet has its sources", async () => {
    const { lines, calls } = await demo({ git: 'test "$3" = https://github.com/kasmtech/KasmVNC' })
    expect(lines[0]).toMatch(/^▸ building helios: github\.com has its sources; log: /)
    expect(profileOf(calls)).toEqual(["helios"])
    expect(calls.join()).not.toContain("--mirror")
  })

  test("kvdi where there is no internet, and names what would help", async () => {
    const { lines, calls } = await demo({ git: "exit 128" })
    expect(lines[0]).toMatch(/^▸ building kvdi: .* github\.com does not answer; HELIOS_MIRROR can name a mirror of it; log: /)
    expect(profileOf(calls)).toEqual(["kvdi"])
  })
})

describe("the demo says", () => {
  test("a line a step with its time, and leaves the rest to the log", async () => {
    const { lines, stderr, log } = await demo({ HELIOS_MIRROR: silent })
    expect(lines.slice(1)).toEqual([
      "▸ kvdi on Debian bookworm, its boot and its promises socket, audio (usually 4 min)",
      expect.stringMatching(/^▸ kvdi on Debian bookworm, its boot and its promises socket, audio: done in \d+ s$/),
      "13 passed, 0 failed, 0 skipped",
      "",
      expect.stringMatching(/^The picture: report\/desktop\.png .* It took \d+ s\.$/),
      "All that it promises: dagger/run call smoke --distro=bookworm --profile=kvdi summary",
    ])
    expect(stderr.trim().split("\n")).toEqual(["▸ base image debian:bookworm for amd64, from Debian: done in 1 s"])
    expect(readFileSync(log, "utf8")).toContain("\n500 : container.withExec\n")
  })

  test("what dagger/run complains of, where the log is, and ends with its code", async () => {
    const { code, stderr, log } = await demo({ HELIOS_MIRROR: silent, after: 'echo "helios: not enough disk" >&2; exit 75' })
    expect(code).toBe(75)
    expect(stderr).toContain("helios: not enough disk\n")
    expect(stderr).toContain(`helios: the demo stopped at: kvdi on Debian bookworm, its boot and its promises socket, audio; log: ${log}\n`)
  })

  test("the engine's error, once", async () => {
    const { code, stderr } = await demo({ HELIOS_MIRROR: silent, after: 'echo "Error: kasmvnc: no such commit" >&2; exit 1' })
    expect(code).toBe(1)
    expect(stderr.match(/^Error: kasmvnc: no such commit$/gm)).toHaveLength(1)
  })

  test("that a promise is broken, by its code", async () => {
    const failing =
      'for word; do case $word in --output=*) echo "12 passed, 1 failed, 0 skipped" >"${word#--output=}/smoke.txt"; exit 0 ;; esac; done'
    expect(await demo({ HELIOS_MIRROR: silent, after: failing })).toMatchObject({
      code: 1,
      lines: expect.arrayContaining(["12 passed, 1 failed, 0 skipped"]),
    })
  })
})

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
])("the demo that gets a %s", (signal, expected) => {
  test("ends its call, and leaves the report of before and nothing half done", async () => {
    mkdirSync(join(folder, "report"), { recursive: true })
    writeFileSync(join(folder, "report/smoke.txt"), "of before\n")
    const { code, stderr, calls } = await demo({ HELIOS_MIRROR: silent, after: "sleep 60 >/dev/null 2>&1 & wait $!", signal })
    expect(code).toBe(expected)
    expect(stderr).toContain("helios: cancelled\n")
    expect(calls).toHaveLength(1)
    expect(readFileSync(join(folder, "report/smoke.txt"), "utf8")).toBe("of before\n")
    expect(readdirSync(temporary).filter((name) => name.startsWith("helios-report."))).toEqual([])
  })
})
