import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { LIMITS, must, podman, pulledImage, RUNTIME, runOnce } from "../../support/desktop/podman.ts"
import { clean, MINUTE, MIRROR, NO_MIRROR, ROOT, room } from "../../support/farm.ts"
import { checksOf, makeFiles, StartUps, type Tally, tally, tryEnvironments } from "../../support/start-ups.ts"

/** How many environments in all; each profile has half of them where there are images of both. */
const RUNS = Number(process.env.HELIOS_ENVIRONMENTS ?? 100_000)
const EACH = MIRROR ? RUNS / 2 : RUNS

/** What is run of an image: its own first program, of which the shell that it ends in is stopped after its checks. */
const PROFILES = {
  helios: { first: "/usr/local/bin/helios-init", init: "/usr/local/lib/helios/bin/init" },
  kvdi: { first: "/usr/local/bin/kvdi-init", init: "/usr/local/bin/kvdi-init" },
}

const containers: string[] = []

/** Lays out a folder for an image's start-up, in its own shell or in bash under the name of sh. */
async function layOut(image: string, { first, init }: { first: string; init: string }, isBash: boolean): Promise<string> {
  const folder = room()
  makeFiles(folder)
  copyFileSync(join(ROOT, "test/support/start-ups.bash"), join(folder, "start-ups"))
  mkdirSync(join(folder, "bash"))
  symlinkSync("/bin/bash", join(folder, "bash/sh"))
  const cat = async (path: string) => `${await runOnce(image, "cat", path)}\n`
  const files = { try: checksOf(await cat(init)), ...(first === init ? {} : { first: (await cat(first)).replace(init, "/lab/try") }) }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), isBash ? text.replaceAll("/bin/sh ", "/lab/bash/sh ") : text)
    chmodSync(join(folder, name), 0o755)
  }
  return folder
}

/** Starts an image up in so many environments, in a container of its own, and looks what that changed there; with none, podman did. */
async function tryImage(image: string, profile: keyof typeof PROFILES, runs: number, isBash = false) {
  const folder = await layOut(image, PROFILES[profile], isBash)
  const name = `helios-e2e-start-ups-${process.pid}-${containers.push("") - 1}`
  containers[containers.length - 1] = name
  const options = ["--interactive", `--name=${name}`, "--network=none", ...LIMITS, `--volume=${folder}:/lab`]
  const program = profile === "helios" ? "/lab/first" : "/lab/try"
  const command = ["podman", ...RUNTIME, "run", ...options, "--entrypoint=/lab/start-ups", image, "/lab/cwd", program]
  const startUps = new StartUps(command, "/lab")
  try {
    const seen = runs ? await tryEnvironments(startUps, profile, runs) : undefined
    await startUps.end()
    return { seen, changed: (await must(["diff", name])).split("\n").sort() }
  } finally {
    await podman(["rm", "--force", "--time=0", name])
  }
}

afterAll(async () => {
  for (const name of containers) await podman(["rm", "--force", "--time=0", "--ignore", name])
  clean()
})

describe.each(["kvdi", "helios"] as const)("%s", (profile) => {
  const isSkipped = profile === "helios" && !MIRROR
  let image: string
  beforeAll(async () => {
    if (!isSkipped) image = await pulledImage(profile)
  }, 60 * MINUTE)

  test.skipIf(isSkipped).each([
    ["its own shell", false, EACH],
    ["bash as sh", true, Math.ceil(EACH / 20)],
  ] as const)(
    `random environments: each accepted, or refused in one line, and nothing of them runs, in %s${isSkipped ? `, ${NO_MIRROR}` : ""}`,
    async (shell, isBash, runs) => {
      const began = Date.now()
      const halves = await Promise.all([0, 1].map(() => tryImage(image, profile, Math.ceil(runs / 2), isBash)))
      const seconds = Math.round((Date.now() - began) / 1000)
      const { changed } = await tryImage(image, profile, 0)
      for (const half of halves) {
        const seen = half.seen as Tally
        console.log(`${profile}, ${shell}: ${tally(seen)}, in ${seconds} s`)
        expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThanOrEqual(Math.floor(runs / 20))
        expect(half.changed).toEqual(changed)
      }
    },
    180 * MINUTE,
  )
})
