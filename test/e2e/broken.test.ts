import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { BOTH } from "./breaks/both.ts"
import { KVDI } from "./breaks/kvdi.ts"
import { proofs, see, words } from "./broken.ts"
import { clean } from "./farm.ts"
import { pulledImage, removeImages } from "./podman.ts"

const defects = [...KVDI, ...BOTH]
const proof = proofs(defects, "kvdi")

beforeAll(async () => {
  await pulledImage("kvdi")
})
afterAll(removeImages)
afterAll(clean)

describe.concurrent("a check is seen to fail on an image that is broken", () => {
  test.each(defects.map((one) => [`${one.promise}: ${one.name}`, one] as const))("%s", async (_, defect) => {
    await see(await proof(defect.image), defect)
  })

  test("no two of one image are told by the same words", () => {
    expect(new Set(words(defects)).size).toBe(defects.length)
  })
})
