import { createHash } from "node:crypto"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { matrix } from "../../src/core/catalog/matrix.ts"
import { type Plan, plan } from "../../src/core/plan/plan.ts"
import { farm, pins } from "../support/catalog.ts"

const request = { distro: "bookworm", platform: "linux/amd64" }

const hash = (value: unknown) => `sha256:${createHash("sha256").update(JSON.stringify(value)).digest("hex")}`

/** A plan as its snapshot has it: what many plans share is a hash, and has a snapshot of its own. */
function brief({ packageManager, components, ...rest }: Plan) {
  const lines = components.map(({ name, sources, history, patches }) => {
    const pins = Object.values(sources).map((source) => `${source.name} ${source.commit}`)
    const fixes = history ? [`fixes from ${history.name} ${history.commit}`] : []
    return [name, ...pins, ...fixes, ...(patches.length ? [`${patches.length} patches ${hash(patches)}`] : [])].join(", ")
  })
  return { ...rest, packageManager: hash(packageManager), components: lines }
}

describe("every image has a plan of its own", () => {
  test.each(matrix(farm()))("$distro $profile $init $platform", async (cell) => {
    const text = `${JSON.stringify(brief(plan(farm(), pins(), cell)), null, 2)}\n`
    await expect(text).toMatchFileSnapshot(`plans/${cell.distro}-${cell.profile}-${cell.init}-${cell.platform.replace("/", "-")}.json`)
  })
})

describe("what plans share", () => {
  test.each([...pins().patches])("the patches of %s, in order", async (name, patches) => {
    const lines = patches.map(({ fixes, fuzz, ...patch }) => {
      const what = Object.values(patch).flat().join(" without ")
      return `${what}: ${fixes}${fuzz ? ` (fuzz ${fuzz})` : ""}`
    })
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`patches/${name}.txt`)
  })

  test.each([...farm().families])("how the %s family manages packages", async (name, { packageManager }) => {
    await expect(`${JSON.stringify(packageManager, null, 2)}\n`).toMatchFileSnapshot(`families/${name}.json`)
  })

  test("their hashes say any change of them", () => {
    const of = plan(farm(), pins(), request)
    const [first, ...others] = of.components
    if (!first) throw new Error("expected components")
    const other = { ...of, components: [{ ...first, patches: [...first.patches].reverse() }, ...others] }
    expect(brief(other)).not.toEqual(brief(of))
    expect(brief({ ...of, packageManager: { ...of.packageManager, refresh: [] } })).not.toEqual(brief(of))
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

describe("--as-of", () => {
  const today = "2026-11-29"
  const asked = (asOf?: string, distro = "bookworm") => plan(farm(), pins(), { ...request, distro, today, asOf })

  test("of today changes nothing but what packages are known by", () => {
    expect(asked(today)).toEqual({ ...asked(), asOf: today })
    expect(asked().snapshots).toBe(null)
  })

  test("of an earlier day names that day's archives, and changes nothing else", () => {
    const snapshots = {
      debian: "http://snapshot.debian.org/archive/debian/20261128T000000Z/",
      "debian-security": "http://snapshot.debian.org/archive/debian-security/20261128T000000Z/",
    }
    expect(asked("2026-11-28")).toEqual({ ...asked(), asOf: "2026-11-28", snapshots })
  })

  test("takes the release that was current then where an archive keeps releases, not days", () => {
    const there = ["2025-06-03", "2025-06-04"].map((day) => asked(day, "rocky-9").snapshots?.baseos)
    expect(there).toEqual(["9.5", "9.6"].map((release) => `https://dl.rockylinux.org/vault/rocky/${release}/BaseOS/$basearch/os/`))
  })

  test("takes a distro's own archive before its family's, and hands it on to those that extend it", () => {
    const own = [{ archive: "debian", address: "http://own.example/{day}.{month}.{year}/" }]
    const distro = (name: string, rest: object) => ({ [`${name}/distro.json`]: { name, title: "It", ...rest } })
    const from = farm({ ...distro("mine", { extends: "bookworm", snapshots: own }), ...distro("yours", { extends: "mine" }) })
    expect(plan(from, pins(), { ...request, distro: "yours", today, asOf: "2026-11-28" }).snapshots).toMatchObject({
      debian: "http://own.example/28.11.2026/",
      "debian-security": expect.stringContaining("snapshot.debian.org"),
    })
  })

  test.each([
    ["yesterday", "bookworm", "--as-of=yesterday: expected a date such as 2026-11-23"],
    ["2026-02-30", "bookworm", "--as-of=2026-02-30: expected a date such as 2026-11-23"],
    ["2026-11-30", "bookworm", "--as-of=2026-11-30: that day is yet to come, as it is 2026-11-29 in UTC; take that or an earlier one"],
    ["2001-01-01", "bookworm", "--as-of=2001-01-01: bookworm has no archives of that day; expected one from 2005-03-13 to yesterday"],
    ["2026-11-28", "alma-9", "--as-of=2026-11-28: alma-9 has no archives of that day; expected one from 2024-11-12 to 2026-04-30"],
    [
      "2026-11-28",
      "kali",
      "--as-of=2026-11-28: kali has packages of kali too, of which no past day is known; expected no date, or where that is in its distro.json, snapshots",
    ],
  ])("%s of %s is refused in one line", (asOf, distro, says) => {
    expect(() => asked(asOf, distro)).toThrow(expect.objectContaining({ message: says }))
  })
})
