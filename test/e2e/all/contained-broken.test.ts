import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { CONTAINED } from "../breaks/contained.ts"
import { proofs, see, words } from "../broken.ts"
import { clean } from "../farm.ts"
import { pulledImage, removeImages } from "../podman.ts"

const proof = proofs(CONTAINED, "kvdi")

beforeAll(async () => {
  await pulledImage("kvdi")
})
afterAll(removeImages)
afterAll(clean)

describe.concurrent("what keeps a desktop's user a user is seen to fail on an image that is broken", () => {
  test.each(CONTAINED.map((one) => [`${one.promise}: ${one.name}`, one] as const))("%s", async (_, defect) => {
    await see(await proof(defect.image), defect)
  })

  test("no two of one image are told by the same words", () => {
    expect(new Set(words(CONTAINED)).size).toBe(CONTAINED.length)
  })
})
