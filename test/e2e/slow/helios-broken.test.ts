import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { defectsOf } from "../../support/breaks/all.ts"
import { proofs, recordBreaks, testDefects } from "../../support/breaks/broken.ts"
import { HELIOS_PODMAN } from "../../support/breaks/podman.ts"
import { extend, pulledImage, removeBoxes, removeImages } from "../../support/desktop/podman.ts"
import { HELIOS_RUNS } from "../../support/desktop/profiles.ts"
import { restartProblems, stopProblems } from "../../support/desktop/promises.ts"
import { readOnlyProblems } from "../../support/desktop/read-only.ts"
import { publishUnpatched } from "../../support/desktop/unpatched.ts"
import { clean, MINUTE, MIRROR, NO_MIRROR } from "../../support/farm.ts"

const defects = defectsOf("helios")
// Each proof has a browser for each of three promises at once, and waits a lot: two keep two cores at work.
const proof = proofs(defects, "helios", 2)

describe.skipIf(!MIRROR)(`a helios image that is broken${MIRROR ? "" : `, ${NO_MIRROR}`}`, () => {
  let image: string

  beforeAll(async () => {
    image = await pulledImage("helios")
    await publishUnpatched()
  }, 90 * MINUTE)
  afterAll(removeBoxes)
  afterAll(removeImages)
  afterAll(clean)

  const prove: Record<string, (address: string) => Promise<string[]>> = {
    restart: (address) => restartProblems(address, 1, HELIOS_RUNS),
    stop: (address) => stopProblems(address, HELIOS_RUNS),
    "shutdown-hook": (address) => stopProblems(address, HELIOS_RUNS),
    "read-only": readOnlyProblems,
  }

  test.each(HELIOS_PODMAN.map((one) => [`${one.promise}: ${one.name}`, one] as const))("%s", async (_, { promise, name, lines, says }) => {
    const problems = (await prove[promise]?.(await extend(`broken-${name.replaceAll(/\W+/g, "-").toLowerCase()}`, image, lines))) ?? []
    expect(problems.join("\n")).toMatch(new RegExp(says, "m"))
    recordBreaks([{ name, promise, check: (problems.find((problem) => says.test(problem)) ?? "").split("\n")[0] ?? "" }])
  })

  describe.concurrent("is caught by the check that it is for", () => {
    testDefects(defects, proof)
  })
})
