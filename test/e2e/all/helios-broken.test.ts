import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { HELIOS_ACCESS } from "../breaks/helios-access.ts"
import { HELIOS_SESSION } from "../breaks/helios-session.ts"
import { HELIOS_WEB } from "../breaks/helios-web.ts"
import { proofs, see, words } from "../broken.ts"
import { clean, MIRROR, NO_MIRROR, publishedImage } from "../farm.ts"
import { needPodman, pull, removeImages } from "../podman.ts"

const defects = [...HELIOS_WEB, ...HELIOS_ACCESS, ...HELIOS_SESSION]
const proof = proofs(defects, "helios")

test("no two defects of one image are told by the same words", () => {
  expect(new Set(words(defects)).size).toBe(defects.length)
})

describe.skipIf(!MIRROR).concurrent(`a check is seen to fail on a helios image that is broken${MIRROR ? "" : `, ${NO_MIRROR}`}`, () => {
  beforeAll(async () => {
    await needPodman()
    await pull(await publishedImage("helios"))
  })
  afterAll(removeImages)
  afterAll(clean)

  test.each(defects.map((one) => [`${one.promise}: ${one.name}`, one] as const))("%s", async (_, defect) => {
    await see(await proof(defect.image), defect)
  })
})
