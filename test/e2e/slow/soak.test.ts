import { expect, test } from "vitest"
import { type Figures, sampled, Visited } from "../../support/desktop/guests.ts"
import { describeHelios } from "../../support/desktop/with-helios.ts"
import { MINUTE } from "../../support/farm.ts"

/** How long, in seconds. */
const SECONDS = Number(process.env.HELIOS_SOAK_SECONDS ?? 1200)
const EVERY_MS = 5000
const SERVICES = ["xvnc", "nginx", "kclient"]
/** How much more a service may have after each minute, by the last half of the time. */
const MOST_A_MINUTE: Figures = { memory: 1, descriptors: 1, threads: 1 }

/** How many more there are each minute, by linear regression. */
function slope(values: number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const along = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0)
  const square = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0)
  return (along / square) * (MINUTE / EVERY_MS)
}

describeHelios("a desktop with guests", (image) => {
  test(`grows by nothing in ${SECONDS} s in which they come, resize, paste, sleep and vanish`, {
    timeout: SECONDS * 1000 + 20 * MINUTE,
  }, async () => {
    const visited = await Visited.boot(image())
    const processes = await Promise.all(SERVICES.map((name) => visited.processes(name)))
    const guests = [visited.client("viewer", ["guests", "8", String(SECONDS)]), visited.client("owner", ["guests", "4", String(SECONDS)])]
    const [did, samples] = await sampled(processes, EVERY_MS, Promise.all(guests))
    console.log(did.join("\n"))
    const half = samples.slice(samples.length / 2)
    const slopes = SERVICES.flatMap((service, at) =>
      (Object.keys(MOST_A_MINUTE) as (keyof Figures)[]).map((what) => ({
        service,
        what,
        last: half.at(-1)?.[at]?.[what],
        slope: slope(half.map((sample) => (sample[at] as Figures)[what])),
      })),
    )
    console.table(slopes)
    expect(slopes.filter(({ what, slope }) => slope > MOST_A_MINUTE[what])).toEqual([])
    expect(await Promise.all(SERVICES.map((name) => visited.processes(name)))).toEqual(processes)
    await visited.settled()
  })
})
