import { describe, expect, test } from "vitest"
import type { Ground } from "../../src/core/plan/components.ts"
import { ALL_PARTS, type Facts, groundsOf, type Installed, keyOf, type Part, sliceOf } from "../../src/core/plan/parts.ts"
import { type Plan, plan } from "../../src/core/plan/plan.ts"
import { farm, pins } from "../support/catalog.ts"

const catalog = farm()
const of = (distro: string, more: object = {}) => plan(catalog, pins(), { distro, profile: "helios", platform: "linux/amd64", ...more })

const GROUNDS: Ground[] = ["toolchain", "base", "tools:web", "tools:s6"]
const SCRIPTS = ["s6", "virtualgl", "xorg", "kasmvnc", "libjpeg-turbo", "novnc", "kclient", "kclient-native"]
const FILES = [
  ...SCRIPTS.map((name) => `common/build/scripts/${name}.sh`),
  "common/build/scripts/apply-patches",
  "common/build/locks/novnc/package-lock.json",
  "common/build/locks/kclient/package-lock.json",
  "common/build/patches/kasmvnc/fix.patch",
  "common/build/patches/xorg-21.1.4/fix.patch",
  "src/stages/xorg.ts",
]

const facts = (changed?: string): Facts => ({
  files: new Map(FILES.map((path) => [path, path === changed ? "sha256:other" : "sha256:one"])),
  installed: new Map(
    GROUNDS.map((ground): [Ground, Installed] => [
      ground,
      { base: `${ground}@sha256:0`, packages: [ground === changed ? "gcc 13" : "gcc 12"] },
    ]),
  ),
})

const keys = (of: Plan, from = facts()) => new Map(ALL_PARTS.map((part) => [part, keyOf(sliceOf(of, part, from))]))

/** The parts whose key another plan, or another fact, changes. */
function changedBy(other: Plan | string): Part[] {
  const [before, after] = [keys(of("bookworm")), typeof other === "string" ? keys(of("bookworm"), facts(other)) : keys(other)]
  return ALL_PARTS.filter((part) => before.get(part) !== after.get(part))
}

const edited = (edit: (plan: Plan) => void) => {
  const copy = structuredClone(of("bookworm"))
  edit(copy)
  return copy
}
const component = (from: Plan, name: string) => from.components.find((one) => one.name === name) as Plan["components"][number]

describe("a part's key", () => {
  test("is 64 hexadecimal digits, and no other part's", () => {
    const all = [...keys(of("bookworm")).values()]
    expect(all.filter((key) => !/^[0-9a-f]{64}$/.test(key))).toEqual([])
    expect(new Set(all).size).toBe(ALL_PARTS.length)
  })

  test("is the same for distros that have their compilers in common, but for what is built on the distro itself", () => {
    const from = facts()
    const own = { ...from, installed: new Map([...from.installed, ["base", { base: "other@sha256:1", packages: ["nodejs 20"] }]]) } as Facts
    const [one, other] = [keys(of("bookworm")), keys(of("trixie"), own)]
    const shared = of("trixie").toolchain?.base.image === of("bookworm").toolchain?.base.image
    expect(shared).toBe(true)
    expect(ALL_PARTS.filter((part) => one.get(part) !== other.get(part))).toEqual(["kclient-native"])
  })

  test.each<[string, string, Part[]]>([
    ["a package of the compilers'", "toolchain", ["virtualgl", "xorg"]],
    ["a package of the distro's", "base", ["kclient-native"]],
    ["a package of s6' compiler", "tools:s6", ["s6"]],
    ["Node's", "tools:web", ["novnc", "kclient", "kclient-native"]],
    ["libjpeg-turbo's script", "common/build/scripts/libjpeg-turbo.sh", ["virtualgl", "xorg"]],
    ["KasmVNC's script", "common/build/scripts/kasmvnc.sh", ["xorg"]],
    ["a patch of KasmVNC's", "common/build/patches/kasmvnc/fix.patch", ["xorg"]],
    ["a patch of the X server's", "common/build/patches/xorg-21.1.4/fix.patch", ["xorg"]],
    ["npm's lock of noVNC", "common/build/locks/novnc/package-lock.json", ["novnc"]],
    ["npm's lock of kclient", "common/build/locks/kclient/package-lock.json", ["kclient", "kclient-native"]],
    ["s6' script", "common/build/scripts/s6.sh", ["s6"]],
    ["how stages are called", "src/stages/xorg.ts", [...ALL_PARTS]],
  ])("changes by %s", (_, changed, parts) => {
    expect(changedBy(changed)).toEqual(parts)
  })

  test.each<[string, (plan: Plan) => void, Part[]]>([
    [
      "libjpeg-turbo's commit",
      (one) => Object.assign(component(one, "libjpeg-turbo").sources["libjpeg-turbo"] as object, { commit: "0" }),
      ["virtualgl", "xorg", "licences"],
    ],
    ["the X server's commit", (one) => Object.assign(component(one, "xorg").sources.xorg as object, { commit: "0" }), ["xorg", "licences"]],
    ["a series that has one patch less", (one) => void component(one, "xorg").patches.pop(), ["xorg", "licences"]],
    ["the X server's flags", (one) => Object.assign(one.toolchain as object, { flags: "-O0" }), ["xorg"]],
    ["what compilers are told", (one) => Object.assign(one.toolchain as object, { environment: { CFLAGS: "-O0" } }), ["virtualgl", "xorg"]],
    ["the platform", (one) => Object.assign(one, { platform: "linux/arm64" }), ["s6", "virtualgl", "xorg", "kclient-native"]],
    ["what has nothing to do with it", (one) => Object.assign(one, { packages: [], labels: {}, overlays: [], environment: {} }), []],
  ])("changes by %s", (_, edit, parts) => {
    expect(changedBy(edited(edit))).toEqual(parts)
  })

  test("changes by sanitizers, and by the X server's version", () => {
    expect(changedBy(of("bookworm", { sanitize: true }))).toEqual(["xorg"])
    expect(changedBy(of("bookworm", { xorg: "1.20.14" }))).toEqual(["xorg", "licences"])
  })
})

test.each<[Part, Ground[]]>([
  ["s6", ["tools:s6"]],
  ["xorg", ["toolchain"]],
  ["virtualgl", ["toolchain"]],
  ["kclient", ["tools:web"]],
  ["kclient-native", ["base", "tools:web"]],
  ["licences", []],
])("%s is built on %j", (part, grounds) => expect(groundsOf(part)).toEqual(grounds))
