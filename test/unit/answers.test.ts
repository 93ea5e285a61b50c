import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { answers } from "../../src/core/sources/answers.ts"
import { pins, ROOT } from "../support/catalog.ts"

const { lock, patches } = pins()
const one = { id: "CVE-2099-0001", justification: "component_not_present", statement: "it isn't built" }
const read = (value: unknown, path = "xorg-21.1.4/answers.json") => answers(new Map([[path, JSON.stringify(value)]]), lock, patches)

test("the farm's own hold", () => {
  const folder = join(ROOT, "common/build/patches")
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("/answers.json"))
  const all = answers(new Map(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")])), lock, patches)
  expect([...all].map(([name, { length }]) => [name, length])).toEqual([
    ["xorg-1.20.14", 8],
    ["xorg-21.1.4", 9],
  ])
})

test("an upstream without patches has answers as well, and an answers.json is none of its patches", () => {
  expect(read([one], "libjpeg-turbo/answers.json").get("libjpeg-turbo")).toEqual([one])
  expect(patches.get("xorg-21.1.4")?.some((patch) => "file" in patch && patch.file.endsWith(".json"))).toBe(false)
})

describe("refused in one line", () => {
  const file = "common/build/patches/xorg-21.1.4/answers.json"
  test.each([
    ["no reason", [{ ...one, statement: "" }], /\[0\]\.statement: Too small/],
    [
      "a reason that OpenVEX has not",
      [{ ...one, justification: "harmless" }],
      /\[0\]\.justification: expected one of component_not_present, /,
    ],
    ["no number", [{ ...one, id: "CVE-1" }], /\[0\]\.id: expected a CVE or a GHSA, such as CVE-2024-0409, got "CVE-1"/],
    ["more than an answer has", [{ ...one, until: "2027-01-01" }], /\[0\]: unknown field "until"/],
    ["one twice", [one, one], /\[1\]\.id: expected each vulnerability once, got "CVE-2099-0001" again/],
    ["what a patch fixes", [{ ...one, id: "CVE-2022-46340" }], /\[0\]\.id: expected none that series\.json fixes, got "CVE-2022-46340"/],
    ["no list", {}, /the file: expected array/],
  ])("%s", (_, value, says) => {
    expect(() => read(value)).toThrow(says)
    expect(() => read(value)).toThrow(file)
  })

  test("a folder of no upstream's", () => {
    expect(() => read([one], "xrog/answers.json")).toThrow(
      /^common\/build\/patches\/xrog\/answers\.json: expected the folder of an upstream in sources\.lock\.json: execline, /,
    )
  })
})
