import { afterAll, afterEach, describe, expect, test } from "vitest"
import { pulledImage, removeBoxes, removeImages } from "../../support/desktop/podman.ts"
import { HELIOS_RUNS, KVDI_RUNS } from "../../support/desktop/profiles.ts"
import { restartProblems } from "../../support/desktop/promises.ts"
import { clean, MIRROR, NO_MIRROR } from "../../support/farm.ts"

afterEach(removeBoxes)
afterAll(removeImages)
afterAll(clean)

// Five times are among the tests of every commit; other distros and inits have it beside their other promises.
describe("restart: the same container of bookworm, stopped and started 20 times and killed once, works each time", () => {
  test("kvdi", async () => {
    expect(await restartProblems(await pulledImage("kvdi"), 20, KVDI_RUNS)).toEqual([])
  })

  test.skipIf(!MIRROR)(`helios${MIRROR ? "" : `, ${NO_MIRROR}`}`, async () => {
    expect(await restartProblems(await pulledImage("helios"), 20, HELIOS_RUNS)).toEqual([])
  })
})
