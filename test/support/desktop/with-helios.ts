import { afterAll, beforeAll, describe } from "vitest"
import { clean, MINUTE, MIRROR, NO_MIRROR } from "../farm.ts"
import { pulledImage, removeBoxes, removeImages } from "./podman.ts"

/**
 * Tests that run bookworm's helios image with podman: it is built and fetched before them, and what they made of it is removed after them.
 * Without a mirror of its upstreams they are skipped, and the title says so.
 */
export function describeHelios(title: string, tests: (image: () => string) => void): void {
  describe.skipIf(!MIRROR)(`${title}${MIRROR ? "" : `, ${NO_MIRROR}`}`, () => {
    let image = ""

    beforeAll(async () => {
      image = await pulledImage("helios")
    }, 60 * MINUTE)
    afterAll(removeBoxes)
    afterAll(removeImages)
    afterAll(clean)

    tests(() => image)
  })
}
