import { afterAll, beforeAll, describe } from "vitest"
import { proofs, testDefects } from "../../support/breaks/broken.ts"
import { CONTAINED } from "../../support/breaks/contained.ts"
import { pulledImage, removeImages } from "../../support/desktop/podman.ts"
import { clean } from "../../support/farm.ts"

const proof = proofs(CONTAINED, "kvdi")

beforeAll(async () => {
  await pulledImage("kvdi")
})
afterAll(removeImages)
afterAll(clean)

describe.concurrent("what keeps a desktop's user a user is seen to fail on an image that is broken", () => {
  testDefects(CONTAINED, proof)
})
