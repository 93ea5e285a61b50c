import { expect, test } from "vitest"
import { patches } from "../../src/core/sources/patches.ts"

const LIST = "common/build/patches/xorg/series.json"
const COMMIT = { commit: "0123456789abcdef0123456789abcdef01234567", fixes: "a crash" }
const parsed = (list: object[] | undefined, ...names: string[]) =>
  patches(
    new Map([
      ...(list ? [["xorg/series.json", JSON.stringify(list)] as const] : []),
      ...names.map((name) => [`xorg/${name}`, ""] as const),
    ]),
  )

test("patches are applied in the list's order, or where there is none by name", () => {
  expect(
    parsed(undefined, "b.patch", "a.patch")
      .get("xorg")
      ?.map((patch) => "file" in patch && patch.file),
  ).toEqual(["a.patch", "b.patch"])
  const list = [{ file: "b.patch", fixes: "b" }, COMMIT, { file: "a.patch", fixes: "a" }]
  expect(parsed(list, "a.patch", "b.patch").get("xorg")).toMatchObject(list)
})

test("one that the list lacks is told, and one that isn't there", () => {
  expect(() => parsed([COMMIT], "a.patch")).toThrow(`${LIST}: expected every patch beside it, got none for a.patch`)
  expect(() => parsed([{ file: "a.patch", fixes: "a" }])).toThrow(`${LIST}: file: expected a patch beside it, got a.patch`)
})
