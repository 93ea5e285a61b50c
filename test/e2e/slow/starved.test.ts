import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { pulledImage, removeBoxes } from "../../support/desktop/podman.ts"
import { HELIOS_RUNS, KVDI_RUNS } from "../../support/desktop/profiles.ts"
import { SHORTAGES, starve } from "../../support/desktop/starved.ts"
import { clean, MINUTE, MIRROR, NO_MIRROR } from "../../support/farm.ts"

afterEach(removeBoxes)
afterAll(clean)

describe.each([KVDI_RUNS, HELIOS_RUNS])("$name", (runs) => {
  const isSkipped = runs.name === "helios" && !MIRROR
  let image: string
  beforeAll(async () => {
    if (!isSkipped) image = await pulledImage(runs.name)
  }, 60 * MINUTE)

  const title = `$name: root's programs and the home survive, and the desktop is back when there is some again${isSkipped ? `, ${NO_MIRROR}` : ""}`

  test.skipIf(isSkipped).each(SHORTAGES)(title, async (shortage) => {
    const { problems, restarted, seconds } = await starve(image, runs, shortage)
    console.log(`${runs.name}, ${shortage.name}: ${restarted.join(", ") || "nothing"} restarted, back after ${seconds.toFixed(1)} s`)
    expect(problems).toEqual([])
  })
})
