import { chmodSync, copyFileSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { execa } from "execa"
import { afterAll, afterEach, describe, expect, test } from "vitest"
import { create, extend, inNetwork, must, pulledImage, removeBoxes, removeImages } from "../../support/desktop/podman.ts"
import { HELIOS_RUNS, KVDI_RUNS, PASSWORD } from "../../support/desktop/profiles.ts"
import { works } from "../../support/desktop/promises.ts"
import { clean, MIRROR, NO_MIRROR, need, ROOT, room } from "../../support/farm.ts"

const FILES = 2 ** 30
/** Twice the limit, soft and hard, as prlimit(2) leaves it in memory on amd64. */
const LIMIT = Buffer.from(new BigUint64Array([BigInt(FILES), BigInt(FILES)]).buffer).toString("hex")
/** What starts a kvdi's server, and what runs before a helios' are started. */
const STARTS = "/usr/local/bin/kvdi-xvnc /usr/local/lib/helios/bin/run-hooks"
/** What some programs do before they start others. */
const TRIES_EACH = `RUN sed -i '2i i=0; while [ $((i += 1)) -lt $(ulimit -n) ]; do :; done' $(ls -d ${STARTS} 2>/dev/null)`

/** A folder with strace, what it links and what loads it, for images that have none of it. */
async function stracesFolder(): Promise<string> {
  await need("strace", ["strace"])
  const folder = room()
  const { stdout: strace } = await execa("which", ["strace"])
  const { stdout: libraries } = await execa("ldd", [strace])
  for (const path of [strace, ...(libraries.match(/\/\S+/g) ?? [])]) copyFileSync(path, join(folder, basename(path)))
  chmodSync(folder, 0o755)
  return folder
}

/** A loop over all of them takes longer by far, and what has none takes a fraction of it. */
const SECONDS = 60

/** The loader of the folder's programs. */
const LOADER = "/strace/ld-linux-x86-64.so.2"
const TRACES = ["--daemonize", "--follow-forks", "--quiet=all", "--output=/var/run/kvdi/calls", "--seccomp-bpf", "--trace=prlimit64"]

/**
 * What is wrong with a desktop whose programs read that they may open 2^30 files. This machine's kernel may allow less, so strace changes what
 * it answers, and stops them at no other call.
 */
async function problems(image: string, runs: typeof KVDI_RUNS, folder: string): Promise<string[]> {
  const first: string[] = JSON.parse(await must(["image", "inspect", "--format={{json .Config.Entrypoint}}", image]))
  const strace = [LOADER, "--library-path", "/strace", "/strace/strace", ...TRACES, `--inject=prlimit64:poke_exit=@arg4=${LIMIT}`, ...first]
  const box = await create(image, [
    ...runs.options,
    "--cap-add=SYS_PTRACE",
    `--volume=${folder}:/strace:ro`,
    `--entrypoint=${JSON.stringify(strace)}`,
  ])
  await must(["start", box.name])
  try {
    await works(box, runs, SECONDS)
  } catch (error) {
    return [(error as Error).message]
  }
  // Two clients, for as long as it takes them to see the desktop more than once.
  const where = runs === KVDI_RUNS ? [join(box.shared, "display.sock"), ""] : ["ws://127.0.0.1:3000/websockify", `bob:${PASSWORD}`]
  const guests = ["python3", join(ROOT, "common/smoke/lab/bin/guests"), "2", "5", ...where]
  const came = await inNetwork(box, guests, { reject: false, timeout: 60_000 })
  return [
    ...(readFileSync(join(box.shared, "calls"), "utf8").includes("INJECTED") ? [] : ["no program was told the limit"]),
    ...(/"watch": [1-9]/.test(came.stdout) ? [] : [`no guest saw a frame: ${came.stdout}${came.stderr}`]),
  ]
}

afterEach(removeBoxes)
afterAll(removeImages)
afterAll(clean)

describe.each([KVDI_RUNS, ...(MIRROR ? [HELIOS_RUNS] : [])])(
  `$name, where a program may open 2^30 files${MIRROR ? "" : ` (helios: ${NO_MIRROR})`}`,
  (runs) => {
    test("starts and shows itself as soon as anywhere", async () => {
      const image = await pulledImage(runs.name)
      expect(await problems(image, runs, await stracesFolder())).toEqual([])
    })

    test("and what tries each of them would be noticed", async () => {
      const broken = await extend(`tries-each-${runs.name}`, await pulledImage(runs.name), [TRIES_EACH])
      expect(await problems(broken, runs, await stracesFolder())).toEqual([expect.stringContaining(`not within ${SECONDS} s`)])
    })
  },
)
