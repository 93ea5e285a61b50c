import { describe, expect, test } from "vitest"
import type { ReleaseReport, ReportedIndex } from "../../src/core/report/model.ts"
import { sizesOf } from "../../src/core/report/sizes.ts"
import { BARE, indexOf, RICH, releaseOf } from "./releases.ts"

describe("the sizes over releases", () => {
  const lines = (value: ReleaseReport) => sizesOf(value).text.split("\n")

  test("are a block for each image, with the last size of each platform and the release itself at the end", () => {
    expect(sizesOf(RICH)).toMatchObject({ panels: 2, platforms: 2 })
    expect(lines(RICH).slice(0, 7)).toEqual([
      '"helios:v1.2.3-bookworm"\t""\t"linux/amd64: 262.5 MB"\t"linux/arm64: 250 MB"',
      '0\t"v1.1.0"\t255.000\tNaN',
      '1\t"v1.2.0"\t260.000\t249.000',
      '2\t"v1.2.3"\t262.512\t250.000',
      "",
      "",
      '"helios:v1.2.3-sid"\t""\t"linux/amd64: 262.5 MB"\t"linux/arm64: none"',
    ])
  })

  test("have a release once that its history has already", () => {
    const compressed = [{ platform: "linux/arm64", bytes: 250_000_000 }]
    const index = indexOf("sid")
    for (const tag of [index.immutableTag, "v1.2.3-sid"])
      expect(lines(releaseOf({ ...index, history: [{ tag, compressed }] }))).toHaveLength(3)
  })

  test("have none for a release that failed", () => {
    const history = [{ tag: "v1.2.2-sid", compressed: [{ platform: "linux/arm64", bytes: 250_000_000 }] }]
    const counted = (state: ReportedIndex["state"]) => lines(releaseOf(indexOf("sid", { state, history }))).filter(Boolean).length
    expect([counted("published"), counted("failed")]).toEqual([3, 2])
  })

  test("are of the last 30 releases, of which just as many are named as there is room for", () => {
    const tag = (day: number) => `unstable-sid-202611${String(day).padStart(2, "0")}T020000Z-0123456789ab`
    const history = Array.from({ length: 40 }, (_, at) => ({ tag: tag(at), compressed: [{ platform: "linux/arm64", bytes: 1e6 * at }] }))
    const [, ...points] = lines(releaseOf(indexOf("sid", { immutableTag: tag(39), history }))).filter(Boolean)
    const names = points.map((line) => line.split("\t")[1])
    expect(names).toHaveLength(30)
    expect(names.at(-1)).toBe('"11-39 02:00"')
    expect(names.filter((name) => name !== '""')).toHaveLength(5)
  })

  test("are nothing where there are none", () => {
    expect(sizesOf(releaseOf(indexOf("sid", { images: [] })))).toMatchObject({ panels: 0, platforms: 0 })
  })

  test("hold no text that ends a cell, a line or a string of gnuplot's", () => {
    const name = 'a"b\tc\nd\\'
    const text = sizesOf(releaseOf(indexOf("x", { address: `h/p/${name}`, images: [{ ...BARE, platform: name }] }))).text
    expect(text.split("\n")[0]).toBe(String.raw`"a b c d\\"	""	"a b c d\\: 250 MB"`)
  })
})
