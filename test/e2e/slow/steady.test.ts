import { expect, test } from "vitest"
import { figures, sampled, Visited } from "../../support/desktop/guests.ts"
import { describeHelios } from "../../support/desktop/with-helios.ts"

/** How long, in seconds; smoke's promise of the same name does it for fifteen. */
const SECONDS = 60
const MOST_MS = 1000
const MOST_MEGABYTES = 128

describeHelios("a desktop whose door is full", (image) => {
  test(`answers each key within ${MOST_MS} ms for ${SECONDS} s, in ${MOST_MEGABYTES} MB more`, async () => {
    const visited = await Visited.boot(image())
    await visited.lit(async () => {
      const type = async (seconds: number) =>
        JSON.parse(await visited.client("owner", ["key-to-pixel", String(seconds)])) as { keys: number; median: number; slowest: number }
      await type(2)
      const server = await visited.processes("xvnc")
      const before = figures(server)
      const clients = Promise.all([
        type(SECONDS + 2),
        visited.client("viewer", ["bad-clients", "worst", "32", String(SECONDS)]),
        visited.client("owner", ["bad-clients", "worst", "31", String(SECONDS)]),
      ])
      const [[typed], samples] = await sampled([server], 100, clients)
      const most = Math.max(...samples.flat().map(({ memory }) => memory))
      console.log({ typed, before, most, after: figures(server) })
      expect(typed.slowest).toBeLessThanOrEqual(MOST_MS)
      expect(most - before.memory).toBeLessThanOrEqual(MOST_MEGABYTES)
      expect(await visited.processes("xvnc")).toEqual(server)
    })
  })
})
