import { afterAll, beforeAll, describe } from "vitest"
import { proofs, testDefects } from "../../support/breaks/broken.ts"
import { COMMON } from "../../support/breaks/common.ts"
import { KVDI } from "../../support/breaks/kvdi.ts"
import { PLACES } from "../../support/breaks/places.ts"
import { pulledImage, removeImages } from "../../support/desktop/podman.ts"
import { clean } from "../../support/farm.ts"

const defects = [...KVDI, ...COMMON, ...PLACES]
const proof = proofs(defects, "kvdi")

beforeAll(async () => {
  await pulledImage("kvdi")
})
afterAll(removeImages)
afterAll(clean)

describe.concurrent("a check is seen to fail on an image that is broken", () => {
  testDefects(defects, proof)
})
