import { afterAll, beforeAll, describe } from "vitest"
import { defectsOf } from "../../support/breaks/all.ts"
import { proofs, testDefects } from "../../support/breaks/broken.ts"
import { CONTAINED } from "../../support/breaks/contained.ts"
import { pulledImage, removeImages } from "../../support/desktop/podman.ts"
import { clean } from "../../support/farm.ts"

const defects = defectsOf("kvdi-supervisord").filter((one) => !CONTAINED.includes(one))
const proof = proofs(defects, "kvdi")

beforeAll(async () => {
  await pulledImage("kvdi")
})
afterAll(removeImages)
afterAll(clean)

describe.concurrent("a check is seen to fail on an image that is broken", () => {
  testDefects(defects, proof)
})
