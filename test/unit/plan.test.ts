import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { matrix } from "../../src/core/catalog/matrix.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { farm, pins } from "../support/catalog.ts"

const request = { distro: "bookworm", platform: "linux/amd64" }

describe("every image has a plan of its own", () => {
  test.each(matrix(farm()))("$distro $profile $init $platform", async (cell) => {
    const text = `${JSON.stringify(plan(farm(), pins(), cell), null, 2)}\n`
    await expect(text).toMatchFileSnapshot(`plans/${cell.distro}-${cell.profile}-${cell.init}-${cell.platform.replace("/", "-")}.json`)
  })
})

describe("what can't be built is answered with what can", () => {
  test.each([
    [{ profile: "vnc" }, "--profile=vnc: bookworm has no such profile; expected one of helios, kvdi"],
    [{ platform: "linux/riscv64" }, "--platform=linux/riscv64: no such platform; expected one of linux/amd64, linux/arm64"],
    [{ platform: "" }, "--platform=: no such platform; expected one of linux/amd64, linux/arm64"],
    [{ init: "systemd" }, "--init=systemd: bookworm has no such init; expected one of s6"],
  ])("%o", (wrong, message) => {
    expect(() => plan(farm(), pins(), { ...request, ...wrong })).toThrow(message)
  })

  test("a platform that the distro lacks", () => {
    const from = farm({ "mine/distro.json": { name: "mine", extends: "sid", platforms: ["linux/amd64"] } })
    expect(() => plan(from, pins(), { distro: "mine", platform: "linux/arm64" })).toThrow(
      "--platform=linux/arm64: mine has no such platform; expected one of linux/amd64",
    )
  })
})

describe("the end of a distro's life", () => {
  const from = farm({ "mine/distro.json": { name: "mine", extends: "bookworm", eol: "2026-06-30" } })
  const on = (today: string) => plan(from, pins(), { distro: "mine", platform: "linux/amd64", today })

  test("on its last day it is still built", () => expect(on("2026-06-30").distro).toBe("mine"))

  test("after it, it is not", () =>
    expect(() => on("2026-07-01")).toThrow(/^--distro=mine: Debian 12 \(bookworm\) got its last fixes on 2026-06-30; /))

  test("a rolling one has none", () => expect(plan(farm(), pins(), { ...request, distro: "sid", today: "2099-01-01" }).distro).toBe("sid"))
})

describe("whatever a distro asks for", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9+.-]{0,15}$/)
  const wishes = fc.record({ add: fc.array(name), remove: fc.array(fc.constantFrom("thunar", "xfwm4", "xfdesktop4")) })
  const planned = (desktop: { add: string[]; remove: string[] }) =>
    plan(farm({ "mine/distro.json": { name: "mine", extends: "bookworm", packages: { desktop } } }), pins(), { ...request, distro: "mine" })

  test("its packages are sorted, each once, with all that was added and none that was removed", () => {
    fc.assert(
      fc.property(wishes, (desktop) => {
        const { packages } = planned(desktop)
        expect(packages).toEqual([...new Set(packages)].sort())
        for (const added of desktop.add) expect(packages).toContain(added)
        for (const removed of desktop.remove) if (!desktop.add.includes(removed)) expect(packages).not.toContain(removed)
      }),
    )
  })

  test("the same wishes give the same bytes, in whatever order", () => {
    fc.assert(
      fc.property(wishes, ({ add, remove }) => {
        const turned = planned({ add: [...add].reverse(), remove: [...remove].reverse() })
        expect(JSON.stringify(planned({ add, remove }))).toBe(JSON.stringify(turned))
      }),
    )
  })

  test("a name with any mark that a shell reads is refused", () => {
    fc.assert(
      fc.property(name, fc.constantFrom(..." \t\n;&|<>$`'\"\\*?[](){}!#~=%^,/@"), name, (start, mark, end) => {
        expect(() => planned({ add: [`${start}${mark}${end}`], remove: [] })).toThrow(/expected a package name/)
      }),
    )
  })
})

test("sanitizers change the X server's toolchain alone, and aren't for one of the distro's", () => {
  const { toolchain, ...sanitized } = plan(farm(), pins(), { ...request, sanitize: true })
  const { toolchain: usual, ...rest } = plan(farm(), pins(), request)
  expect(sanitized).toEqual(rest)
  expect(toolchain).toEqual({ ...usual, sanitize: expect.stringContaining("-fsanitize=address,undefined") })
  expect(() => plan(farm(), pins(), { ...request, profile: "kvdi", sanitize: true })).toThrow(
    /^--sanitize: the kvdi profile takes its X server/,
  )
})

test("a date that packages are built for changes nothing else", () => {
  const { asOf, ...dated } = plan(farm(), pins(), { ...request, asOf: "2026-11-23" })
  const { asOf: none, ...floating } = plan(farm(), pins(), request)
  expect([asOf, none]).toEqual(["2026-11-23", null])
  expect(dated).toEqual(floating)
})
