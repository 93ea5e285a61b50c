import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { caught } from "../../support/breaks/broken.ts"
import { KVDI } from "../../support/breaks/kvdi.ts"
import { extend, needPodman, pull, removeBoxes, removeImages } from "../../support/desktop/podman.ts"
import { restartProblems, stopProblems } from "../../support/desktop/promises.ts"
import { clean, failures, publishedImage, sizeProblems, smoke } from "../../support/farm.ts"

const lite = KVDI.filter(({ image }) => image === "devices")

beforeAll(needPodman)
afterAll(removeImages)
afterAll(clean)

describe.each(["trixie", "sid"])("%s", (distro) => {
  let address: string

  afterAll(removeBoxes)

  test("is built and published", async () => {
    address = await publishedImage("kvdi", distro)
    await pull(address)
  })

  test("keeps every promise, none skipped", async () => {
    const results = await smoke(distro)
    expect(failures(results)).toEqual([])
    expect(results.outcomes.filter(({ status }) => status === "passed").length).toBeGreaterThanOrEqual(13)
    expect(sizeProblems(results.size, distro, "kvdi", "supervisord")).toEqual([])
  })

  test("restart: the same container, stopped and started 20 times and killed once, works each time", async () => {
    expect(await restartProblems(address, 20)).toEqual([])
  })

  test("stop: services end in order after the hooks, within 10 s, with exit code 0", async () => {
    expect(await stopProblems(address)).toEqual([])
  })

  test("its checks are seen to fail on a broken image", async () => {
    const broken = await extend(
      `broken-${distro}`,
      address,
      lite.flatMap(({ lines }) => lines),
    )
    const results = await smoke(distro, { only: [...new Set(lite.map(({ promise }) => promise))], container: broken })
    for (const defect of lite) expect(caught(results, defect), defect.name).toBeTruthy()
  })
})
