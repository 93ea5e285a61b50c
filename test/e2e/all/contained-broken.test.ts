import { afterAll, beforeAll, describe } from "vitest"
import { CONTAINED } from "../breaks/contained.ts"
import { proofs, testDefects, testWords } from "../broken.ts"
import { clean } from "../farm.ts"
import { pulledImage, removeImages } from "../podman.ts"

const proof = proofs(CONTAINED, "kvdi")

beforeAll(async () => {
  await pulledImage("kvdi")
})
afterAll(removeImages)
afterAll(clean)

describe.concurrent("what keeps a desktop's user a user is seen to fail on an image that is broken", () => {
  testDefects(CONTAINED, proof)

  testWords(CONTAINED)
})
