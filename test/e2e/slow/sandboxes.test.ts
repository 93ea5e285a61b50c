import { readFileSync, readlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import {
  type Box,
  create,
  extend,
  hostPids,
  must,
  podman,
  pulledImage,
  RUNTIME,
  removeBoxes,
  removeImages,
} from "../../support/desktop/podman.ts"
import { KVDI_RUNS } from "../../support/desktop/profiles.ts"
import { works } from "../../support/desktop/promises.ts"
import { clean, MINUTE, ROOT, room, until } from "../../support/farm.ts"

const OURS = join(ROOT, "common/deploy/seccomp.json")
const BROWSERS = [
  "RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap chromium firefox-esr xdotool && rm -rf /var/lib/apt/lists/*",
]
const LACKS =
  /^helios: chromium can't shut itself in, as this runtime or its machine forbids user namespaces: expected .*common\/deploy\/seccomp\.json/m

/** Docker's own profile, to which ours adds one rule, the last. */
function dockers(): string {
  const { syscalls, ...rest } = JSON.parse(readFileSync(OURS, "utf8"))
  const file = join(room(), "docker.json")
  writeFileSync(file, JSON.stringify({ ...rest, syscalls: syscalls.slice(0, -1) }))
  return file
}

let image: string

beforeAll(async () => {
  image = await extend("browsers", await pulledImage(), BROWSERS)
}, 60 * MINUTE)
afterEach(removeBoxes)
afterAll(removeImages)
afterAll(clean)

async function started(profile: string, ...options: string[]): Promise<Box> {
  const box = await create(image, [`--security-opt=seccomp=${profile}`, "--shm-size=512m", ...options])
  await KVDI_RUNS.start(box)
  await works(box, KVDI_RUNS, 60)
  return box
}

/** All that a container has said. */
async function said({ name }: Box): Promise<string> {
  const { stdout, stderr } = await podman(["logs", name])
  return `${stdout}\n${stderr}`
}

/** Starts a program of the user's, and waits until a window has its name. */
async function shows({ name }: Box, window: string, ...program: string[]): Promise<void> {
  void execa("podman", [...RUNTIME, "exec", name, "as-user", ...program], { reject: false, stdin: "ignore" })
  const asked = ["exec", name, "as-user", "xdotool", "search", "--onlyvisible", "--name", window]
  await until(`a window of ${program[0]}`, 90, async () => (await podman(asked)).exitCode === 0)
}

test(
  "by Docker's default profile Firefox runs, Chromium and bwrap don't, and one line of the log says why",
  async () => {
    const box = await started(dockers())
    expect(await said(box)).toMatch(LACKS)
    const chromium = await podman(["exec", box.name, "as-user", "chromium", "--no-first-run", "about:blank"])
    expect([chromium.exitCode, chromium.stderr]).toEqual([1, expect.stringContaining("No usable sandbox")])
    expect((await podman(["exec", box.name, "as-user", "bwrap", "--ro-bind", "/", "/", "true"])).exitCode).toBe(1)
    await shows(box, "Firefox", "firefox-esr", "about:blank")
  },
  10 * MINUTE,
)

test(
  "by Helios' profile Chromium has its sandbox, and its home's next container has it as well",
  async () => {
    const home = ["--hostname=desk", `--volume=${room()}:/home`]
    const first = await started(OURS, ...home)
    expect(await said(first)).not.toMatch(LACKS)
    await must(["exec", first.name, "as-user", "bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--unshare-all", "true"])
    await shows(first, "Chromium", "chromium", "--no-first-run", "about:blank")
    const spaces = [...(await hostPids(first)).values()].map((pid) => ({
      kind: readFileSync(`/proc/${pid}/cmdline`, "utf8").match(/--type=([a-z-]+)/)?.[1],
      users: readlinkSync(`/proc/${pid}/ns/user`),
    }))
    const desktop = spaces.find(({ kind }) => kind === undefined)?.users
    const renderers = spaces.filter(({ kind }) => kind === "renderer")
    expect(renderers.length).toBeGreaterThan(0)
    for (const { users } of renderers) expect(users).not.toBe(desktop)
    await must(["kill", "--signal=KILL", first.name])
    await must(["rm", "--force", first.name])
    await shows(await started(OURS, ...home), "Chromium", "chromium", "--no-first-run", "about:blank")
  },
  10 * MINUTE,
)
