import pLimit from "p-limit"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Results } from "../../src/core/report.ts"
import { BOTH } from "./breaks/both.ts"
import type { Defect } from "./breaks/defect.ts"
import { KVDI } from "./breaks/kvdi.ts"
import { caught, failedChecks, recordBreaks } from "./broken.ts"
import { clean, publishedImage, smoke } from "./farm.ts"
import { extend, needPodman, pull, removeImages } from "./podman.ts"

const defects: Defect[] = [...KVDI, ...BOTH]
const proofs = new Map<string, Promise<Results>>()
const limit = pLimit(3)

/** Breaks an image in all the ways that share it, and proves the promises that they break. */
async function prove(image: string, base: string): Promise<Results> {
  const shared = defects.filter((defect) => defect.image === image)
  const address = await extend(
    `broken-${image}`,
    base,
    shared.flatMap(({ lines }) => lines),
  )
  return smoke("bookworm", { only: [...new Set(shared.map(({ promise }) => promise))], container: address })
}

/** The proof of an image, made when it is first asked for. */
function proof(image: string): Promise<Results> {
  const known = proofs.get(image) ?? limit(async () => prove(image, await publishedImage()))
  proofs.set(image, known)
  return known
}

beforeAll(async () => {
  await needPodman()
  await pull(await publishedImage())
})
afterAll(removeImages)
afterAll(clean)

describe.concurrent("a check is seen to fail on an image that is broken", () => {
  test.each(defects.map((one) => [`${one.promise}: ${one.name}`, one] as const))("%s", async (_, defect) => {
    const results = await proof(defect.image)
    const check = caught(results, defect)
    const failed = failedChecks(results, defect).map(({ name, detail }) => `${name}\n${detail}`)
    expect(check, failed.join("\n") || "no check failed").toBeTruthy()
    recordBreaks([{ promise: defect.promise, name: defect.name, check: check ?? "" }])
  })

  test("no two of one image are told by the same words", () => {
    const words = defects.map(({ image, promise, check, reason }) => `${image} ${promise} ${check} ${reason}`)
    expect(new Set(words).size).toBe(words.length)
  })
})
