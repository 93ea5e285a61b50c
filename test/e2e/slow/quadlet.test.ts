import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, expect, test } from "vitest"
import { parse } from "yaml"
import { LIMITS, must, podman, pulledImage } from "../../support/desktop/podman.ts"
import { clean, MINUTE, MIRROR, NO_MIRROR, ROOT, room, until } from "../../support/farm.ts"
import { build, KUBE_HOME } from "../../support/kube/chart.ts"
import { startedBy } from "../../support/quadlet.ts"

const FOLDER = join(ROOT, "common/deploy")

beforeAll(() => build("quadlet"), 10 * MINUTE)
afterAll(clean)

/** What podman's own quadlet makes of the unit: the words after `podman run`. */
async function started(): Promise<string[]> {
  const env = { QUADLET_UNIT_DIRS: join(FOLDER, "quadlet") }
  const { stdout } = await execa(join(KUBE_HOME, "bin/quadlet"), ["-dryrun", "-user"], { env })
  const [program, verb, ...words] = startedBy(stdout)
  expect([program, verb]).toEqual(["/usr/bin/podman", "run"])
  return words
}

test("podman's quadlet makes of helios.container what compose.yaml says, to the letter of its probe", async () => {
  const words = await started()
  const { helios } = parse(readFileSync(join(FOLDER, "compose.yaml"), "utf8")).services
  const of = (option: string) => words.flatMap((word, at) => (words[at - 1] === option ? [word] : []))
  expect(of("--health-cmd")).toEqual([`${helios.healthcheck.test} || exit 1`])
  expect(of("--cap-add").map((name) => name.toUpperCase())).toEqual(helios.cap_add)
  expect(of("--tmpfs")).toEqual(helios.tmpfs)
  expect(of("--publish")).toEqual(helios.ports)
  expect(of("--stop-timeout")).toEqual(["15"])
  expect(words).toEqual(expect.arrayContaining(["--read-only", "--security-opt=no-new-privileges"]))
})

test.skipIf(!MIRROR)(`and podman runs it ${MIRROR ? "" : NO_MIRROR}`, { timeout: 10 * MINUTE }, async () => {
  const image = await pulledImage("helios")
  const folder = room()
  mkdirSync(join(folder, "helios"))
  cpSync(join(FOLDER, "hooks"), join(folder, "helios/hooks"), { recursive: true })
  cpSync(join(FOLDER, "desktop.env.example"), join(folder, "helios/desktop.env"))
  writeFileSync(join(folder, "password"), "correct-horse")
  await must(["secret", "create", "helios-password", join(folder, "password")])
  // systemd gives it a cgroup and waits for conmon's word, and there is no network here.
  const without = ["--cgroups=split", "--sdnotify=conmon"]
  const words = (await started())
    .filter((word) => !without.includes(word))
    .map((word) => word.replace("%E", folder).replace("registry/helios:tag", image))
  try {
    const unpublished = words.filter((word, at) => word !== "--publish" && words[at - 1] !== "--publish")
    await must(["run", ...LIMITS, "--network=none", ...unpublished])
    await until("it is healthy", 120, async () => {
      await podman(["healthcheck", "run", "helios"])
      return (await must(["inspect", "--format={{.State.Health.Status}}", "helios"])) === "healthy"
    })
    expect((await podman(["logs", "helios"])).stdout).toContain("hello from init.d: the desktop of bob starts")
  } finally {
    await podman(["rm", "--force", "--time=0", "helios"])
    await podman(["volume", "rm", "helios-home"])
    await podman(["secret", "rm", "helios-password"])
  }
})
