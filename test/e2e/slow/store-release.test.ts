import { afterAll, describe, expect, test } from "vitest"
import { ALL_PARTS } from "../../../src/core/plan/parts.ts"
import { call, clean, MINUTE, MIRROR, NO_MIRROR, REGISTRY } from "../../support/farm.ts"
import { byKey, HELIOS, makeTrust, PATH, release } from "../../support/releases/released.ts"

describe.skipIf(!MIRROR)(`a release with a store${MIRROR ? "" : `, ${NO_MIRROR}`}`, () => {
  afterAll(clean)

  test(
    "leaves there what it compiled, signed as its images are",
    async () => {
      const trust = await makeTrust()
      const store = [`--store=${REGISTRY}/${PATH}-store`, `--store-key=${trust.pub}`, `--store-local=tcp://${REGISTRY}`]
      const before = [`--mirror=${MIRROR}`, ...store]
      expect(await call(await release({ which: HELIOS, signed: byKey(trust), before }, ["prove"]), 80)).toMatch(/"digest": ?"sha256:/)
      const entries = (await call([...store, "store", "list"])).split("\n").slice(1)
      expect(entries.length).toBe(ALL_PARTS.length)
    },
    100 * MINUTE,
  )
})
