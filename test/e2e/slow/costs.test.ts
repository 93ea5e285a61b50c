import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, expect, test } from "vitest"
import { type Box, create, must, podman, removeBoxes } from "../../support/desktop/podman.ts"
import { HELIOS_RUNS } from "../../support/desktop/profiles.ts"
import { works } from "../../support/desktop/promises.ts"
import { megabytesOf, secondsOf } from "../../support/desktop/pss.ts"
import { describeHelios } from "../../support/desktop/with-helios.ts"
import { MINUTE, until } from "../../support/farm.ts"

const EIGHT = 8
const PAIRS = 12

/** As common/deploy has it. */
const HARDENED = [
  ...["--read-only", "--tmpfs=/run:exec", "--tmpfs=/tmp", "--tmpfs=/home", "--security-opt=no-new-privileges", "--cap-drop=all"],
  ...["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"].map((name) => `--cap-add=${name}`),
]

const mean = (all: number[]) => all.reduce((sum, one) => sum + one, 0) / all.length

/** Seconds from the start of a container to an answer that the desktop is whole. */
async function start(image: string, options: string[]): Promise<number> {
  const box = await create(image, [...HELIOS_RUNS.options, ...options])
  const began = performance.now()
  await must(["start", box.name])
  await until("it is whole", 60, async () => HELIOS_RUNS.answer.test(await HELIOS_RUNS.answers(box).catch(() => "")), 20)
  const seconds = (performance.now() - began) / 1000
  await podman(["rm", "--force", "--time=0", box.name])
  return seconds
}

/** The mean of the ratios of the other to the one, as their logarithms have it, and its interval of 95 %, by Student's t for a dozen pairs. */
function ratioOf(pairs: [number, number][]): { mean: number; low: number; high: number } {
  const logs = pairs.map(([one, other]) => Math.log(other / one))
  const middle = mean(logs)
  const spread = Math.sqrt(logs.reduce((sum, log) => sum + (log - middle) ** 2, 0) / (logs.length - 1) / logs.length) * 2.2
  return { mean: Math.exp(middle), low: Math.exp(middle - spread), high: Math.exp(middle + spread) }
}

describeHelios("what a desktop costs", (image) => {
  afterEach(removeBoxes)

  test("eight that nobody looks at have 130 MB each", { timeout: 15 * MINUTE }, async () => {
    const boxes: Box[] = []
    for (let count = 0; count < EIGHT; count++) {
      const box = await create(image(), HELIOS_RUNS.options)
      await must(["start", box.name])
      await works(box, HELIOS_RUNS, 60)
      boxes.push(box)
    }
    await sleep(MINUTE)
    const before = await Promise.all(boxes.map(secondsOf))
    await sleep(MINUTE)
    const used = (await Promise.all(boxes.map(secondsOf))).map((seconds, index) => (seconds - (before[index] as number)) / 60)
    const megabytes = await Promise.all(boxes.map(megabytesOf))
    console.log(`${EIGHT} idle: ${megabytes.map(Math.round).join(", ")} MB, ${(mean(used) * 100).toFixed(2)} % of a processor each`)
    expect(mean(megabytes)).toBeLessThanOrEqual(130)
    expect(mean(megabytes)).toBeGreaterThan(50)
  })

  test("a hardened start takes at most 1.1 times as long", { timeout: 20 * MINUTE }, async () => {
    const pairs: [number, number][] = []
    for (let count = 0; count < PAIRS; count++) {
      // By turns, so that what changes on the machine meets both.
      const first = await start(image(), count % 2 ? [] : HARDENED)
      const second = await start(image(), count % 2 ? HARDENED : [])
      pairs.push(count % 2 ? [first, second] : [second, first])
    }
    const ratio = ratioOf(pairs)
    console.log(`hardened / plain, ${PAIRS} pairs: ${JSON.stringify(ratio)}`)
    expect(ratio.mean).toBeLessThanOrEqual(1.1)
  })
})
