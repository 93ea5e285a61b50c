import { expect, test } from "vitest"
import { type Box, create, extend, must, podman } from "../../support/desktop/podman.ts"
import { HELIOS_RUNS } from "../../support/desktop/profiles.ts"
import { works } from "../../support/desktop/promises.ts"
import { describeHelios } from "../../support/desktop/with-helios.ts"
import { MINUTE } from "../../support/farm.ts"

const LOOPS = "i=0; while [ $((i += 1)) -le 64 ]; do (while :; do :; done) & done; wait"
/** Finds them, and not itself. */
const FOUND = "grep -ls 'i += [1]' /proc/[0-9]*/cmdline | cut -d / -f 3"
/** So little that answers are late by seconds: on one whole processor a scheduler lets those first who have just woken. */
const FEW = 0.2
const WATCH = "/usr/local/lib/helios/bin/watch"

const pids = async (box: Box) => (await HELIOS_RUNS.services(box)).map(({ name, pid }) => `${name} ${pid}`)
async function hangs({ name }: Box): Promise<string[]> {
  const { stdout, stderr } = await podman(["logs", name])
  return `${stdout}\n${stderr}`.match(/^helios: .* hangs.*$/gm) ?? []
}

/** What load restarts on a desktop that has so much of a processor, once it is up, which 64 busy loops of its user want too. */
async function loadProblems(image: string, cpus: number, minutes: number): Promise<string[]> {
  const box = await create(image, [...HELIOS_RUNS.options, "--cpus=1"])
  await must(["start", box.name])
  await works(box, HELIOS_RUNS, 60)
  await must(["update", `--cpus=${cpus}`, box.name])
  const before = await pids(box)
  await must(["exec", "--detach", "--user=1000", box.name, "sh", "-c", LOOPS])
  const end = Date.now() + minutes * MINUTE
  while (Date.now() < end && !(await hangs(box)).length) await new Promise((done) => setTimeout(done, 5000))
  const loops = await must(["exec", box.name, "sh", "-c", `${FOUND} | wc -l`])
  const ended = [...(await hangs(box)), ...(await pids(box)).filter((service) => !before.includes(service))]
  await must(["exec", box.name, "sh", "-c", `kill -KILL $(${FOUND})`])
  await works(box, HELIOS_RUNS, 60)
  return Number(loops) >= 64 ? ended : [...ended, `expected 64 loops, got ${loops}`]
}

describeHelios("a helios desktop under load", (image) => {
  test.each([1, FEW])("64 busy loops on %d of a processor for 5 minutes restart nothing", async (cpus) => {
    expect(await loadProblems(image(), cpus, 5)).toEqual([])
  })

  test("and would restart something were what is late taken for what hangs", async () => {
    const broken = [`RUN sed -i 's/ && Math.min(.*patience$/ \\&\\& question.unanswered >= 1/' ${WATCH}`]
    expect(await loadProblems(await extend("late-is-hung", image(), broken), FEW, 5)).toContainEqual(expect.stringContaining("hangs"))
  })
})
