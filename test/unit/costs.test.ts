import { expect, test } from "vitest"
import { nights } from "../../docs/.vitepress/tables/costs.ts"

const made = nights({
  cold: { seconds: 1000, megabytesReceived: 2000, megabytesOfDisk: 5000 },
  warm: { seconds: 100, megabytesReceived: 1000, megabytesOfDisk: 3000 },
  megabytesOfEntries: 50,
  smokeSeconds: 360,
  megabytesOfImage: 200,
})
const [alone, changed, stored, kept] = made

test("without a store each of the hundred images is compiled, with one none, or one a base", () => {
  expect(alone).toMatchObject({ buildHours: 100_000 / 3600, gigabytesReceived: 200, gigabytesPushed: 20, gigabytesOfDisk: 5 })
  expect(stored).toMatchObject({ buildHours: 10_000 / 3600, gigabytesReceived: 100, gigabytesPushed: 20, gigabytesOfDisk: 3 })
  expect(changed).toMatchObject({ buildHours: 19_000 / 3600, gigabytesReceived: 110, gigabytesPushed: 20.5, gigabytesOfDisk: 5 })
})

test("an engine a base compiles as much without a store, and has the disk of all its images", () => {
  expect(kept).toMatchObject({ buildHours: changed?.buildHours, gigabytesPushed: 20, gigabytesOfDisk: 5 + 9 * 3 })
})

test("smoke takes the same in all of them", () => {
  expect(made.map(({ smokeHours }) => smokeHours)).toEqual(made.map(() => 10))
})
