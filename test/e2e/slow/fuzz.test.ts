import { readdirSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { build, fuzz, missing, names, verdict } from "../../fuzz/harnesses.mjs"
import { seeds, series, unpatched } from "../../fuzz/source.mjs"
import { MINUTE, ROOT } from "../../support/farm.ts"

const lacks = await missing()
const FILES = join(ROOT, "test/fuzz/seeds")

describe.skipIf(!!lacks)(`KasmVNC with clang's sanitizers${lacks ? `, ${lacks}` : ""}`, () => {
  let patched: string
  let before: string

  beforeAll(async () => {
    patched = await build("patched", series())
    before = await build("unpatched", unpatched())
  }, 60 * MINUTE)

  test("each file of the findings is in their list", () => {
    const files = readdirSync(FILES, { recursive: true, encoding: "utf8" }).filter((file) => file.includes("/"))
    expect(files.sort()).toEqual(
      seeds()
        .map(({ harness, name }) => `${harness}/${name}.bin`)
        .sort(),
    )
  })

  test.each(seeds())("$harness: $name, $finding, is mended by $patch", async ({ harness, name, patch }) => {
    const path = join(FILES, harness, `${name}.bin`)
    expect(series().map(({ file }) => file)).toContain(patch)
    expect(await verdict(before, harness, path)).toBeTruthy()
    expect(await verdict(patched, harness, path)).toBeUndefined()
  })

  test.each(names())("%s: nothing is found in a minute, from what was reached before", async (harness) => {
    const { executions, crash, complaint, edges } = await fuzz(patched, harness, 60)
    expect([crash, complaint]).toEqual([undefined, undefined])
    expect(executions).toBeGreaterThan(readdirSync(join(ROOT, "test/fuzz/corpus", harness)).length)
    expect(edges).toBeGreaterThan(100)
  })
})
