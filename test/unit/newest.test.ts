import { describe, expect, test } from "vitest"
import { isHeld, isRelease, newestTag } from "../../src/core/sources/versions.ts"
import { table } from "../../src/core/table.ts"
import { pins } from "../support/catalog.ts"

describe("the newest release", () => {
  test.each([
    ["v2.9.7.0", ["v2.9.7.0", "v2.9.7.1"], "v2.9.7.1"],
    ["v2.9.7.0", ["v2.9.10.0", "v2.9.9.9"], "v2.9.10.0"],
    ["3.1", ["3.1", "3.1.0"], undefined],
    ["3.1", ["3.1.1", "3.1beta1"], "3.1.1"],
    ["3.2.0", ["3.2.90", "3.3.0-rc1", "jpeg-9f", "v9.9"], undefined],
    ["xorg-server-1.20.14", ["xorg-server-1.20.99.901", "xorg-server-1_21_0"], undefined],
    ["xorg-server-1.20.14", ["xorg-server-21.1.0", "xorg-server-1.21.0"], "xorg-server-21.1.0"],
    ["master", ["v1.0.0"], undefined],
    ["server-21.1-branch", ["server-21.2-branch", "v22.0"], undefined],
    ["v1.3.4", [], undefined],
  ])("after %s of %j: %s", (ref, tags, newest) => {
    expect(newestTag(ref, tags)).toBe(newest)
  })
})

test("a branch is no release, whatever numbers it has", () => {
  const refs = [...pins().lock.sources.values()].map(({ ref }) => ref)
  expect(refs.filter((ref) => !isRelease(ref))).toEqual(["master", "master", "server-21.1-branch"])
})

test("an upstream whose name has its version stays at it", () => {
  const held = [...pins().lock.sources.values()].filter(isHeld).map(({ name }) => name)
  expect(held).toEqual(["xorg-1.20.14", "xorg-21.1.4"])
})

test("a table has its columns below one another and no blanks at a line's end", () => {
  expect(
    table([
      ["NAME", "REF"],
      ["s6-rc", ""],
      ["s6", "v2"],
    ]),
  ).toBe("NAME   REF\ns6-rc\ns6     v2")
})
