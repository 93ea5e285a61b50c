import { afterAll, beforeAll, describe } from "vitest"
import { BOTH } from "./breaks/both.ts"
import { KVDI } from "./breaks/kvdi.ts"
import { proofs, testDefects, testWords } from "./broken.ts"
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
  testDefects(defects, proof)

  testWords(defects)
})
