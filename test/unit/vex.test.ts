import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { isBuilt, upstreams } from "../../src/core/attest/upstreams.ts"
import { vex } from "../../src/core/attest/vex.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { type Answers, answers } from "../../src/core/sources/answers.ts"
import { cves } from "../../src/core/sources/patches.ts"
import { farm, pins, ROOT } from "../support/catalog.ts"

const helios = plan(farm(), pins(), { distro: "bookworm", platform: "linux/amd64" })
const kvdi = plan(farm(), pins(), { distro: "bookworm", profile: "kvdi", platform: "linux/amd64" })
const time = "2026-11-26T00:00:00Z"

describe("upstreams", () => {
  test("are every repository that a plan builds, by release and commit", () => {
    const all = upstreams(helios)
    const commits = helios.components.flatMap(({ sources }) => Object.values(sources).map(({ commit }) => commit))
    expect(all.map(({ source }) => source.commit)).toEqual(commits)
    expect(all.find(({ name }) => name === "xorg-server")).toMatchObject({
      version: "21.1.4",
      purl: expect.stringMatching(/^pkg:generic\/xorg-server@21\.1\.4\?vcs_url=git%2Bhttps%3A%2F%2Fgithub\.com%2F.*%406bf62381/),
      cpes: ["cpe:2.3:a:x.org:x_server:21.1.4:*:*:*:*:*:*:*", "cpe:2.3:a:x.org:xorg-server:21.1.4:*:*:*:*:*:*:*"],
    })
  })

  test("of a branch are called by their commit, and no scanner is told a release", () => {
    const novnc = upstreams(helios).find(({ name }) => name === "novnc")
    expect(novnc?.version).toMatch(/^[0-9a-f]{12}$/)
    expect(novnc?.source.commit.slice(0, 12)).toBe(novnc?.version)
    expect(novnc?.cpes).toEqual([])
  })

  test.each([
    ["CVE-2026-50257 and CVE-2026-50260", ["CVE-2026-50257", "CVE-2026-50260"]],
    ["prerequisite of CVE-2026-50256: out of memory in a list of fonts", []],
    ["crash by XIChangeCursor without a window", []],
  ])("patched for %s", (fixes, expected) => {
    expect(cves({ file: "a.patch", fixes, fuzz: 0 })).toEqual(expected)
  })
})

test.each([
  ["pkg:generic/xorg-server@21.1.4?vcs_url=git%2Bhttps%3A%2F%2Fexample.org", true],
  ["pkg:generic/xorg-server@21.1.4?checksum=sha256:0&vcs_url=git", true],
  ["pkg:generic/node@22.1.0", false],
  ["pkg:deb/debian/bash@5?vcs_url=git", false],
  [undefined, false],
])("%s is built from source: %s", (purl, expected) => expect(isBuilt(purl)).toBe(expected))

test("every upstream of a plan is known as built from source", () => {
  expect(upstreams(helios).filter(({ purl }) => !isBuilt(purl))).toEqual([])
})

describe("VEX", () => {
  const answered = (name: string) => readFileSync(join(ROOT, `common/build/patches/${name}/answers.json`), "utf8")
  const files = ["xorg-1.20.14", "xorg-21.1.4"].map((name) => [`${name}/answers.json`, answered(name)] as const)
  const all: Answers = answers(new Map(files), pins().lock, pins().patches)
  const statementsOf = (wanted: typeof helios) =>
    (
      JSON.parse(vex(wanted, all, "https://farm", time)) as {
        statements: (Record<"status" | "status_notes" | "justification" | "impact_statement", string> & {
          vulnerability: { name: string }
          products: { "@id": string }[]
        })[]
      }
    ).statements
  const statements = statementsOf(helios)
  const known = new Set(upstreams(helios).map(({ purl }) => purl))
  const idsOf = (some: typeof statements) => some.map(({ vulnerability: { name } }) => name)

  test("says of every CVE that a patch names that it is fixed, once, in the upstream whose purl the SBOM has", () => {
    const named = new Set(helios.components.flatMap(({ patches }) => patches.flatMap(cves)))
    expect(named.size).toBeGreaterThan(50)
    const fixed = statements.filter(({ status }) => status === "fixed")
    expect(idsOf(fixed).sort()).toEqual([...named].sort())
    for (const { products } of statements) expect(products.every((one) => known.has(one["@id"]))).toBe(true)
  })

  test("says of every CVE that needs no patch that it doesn't affect what is built, and why", () => {
    const unaffected = statements.filter(({ status }) => status !== "fixed")
    expect(idsOf(unaffected)).toEqual([
      ...["CVE-2022-2319", "CVE-2022-2320", "CVE-2022-3553", "CVE-2023-5574", "CVE-2024-0409", "CVE-2024-31082"],
      ...["CVE-2026-50264", "CVE-2026-55999", "CVE-2026-56000"],
    ])
    expect(unaffected.find(({ vulnerability: { name } }) => name === "CVE-2024-31082")).toMatchObject({
      status: "not_affected",
      justification: "component_not_present",
      impact_statement: expect.stringContaining("hw/xquartz"),
    })
  })

  test("knows the same CVEs of each X server: what one fixes, another one fixes or explains", () => {
    const older = statementsOf(plan(farm(), pins(), { distro: "rocky-9", platform: "linux/amd64" }))
    expect(idsOf(older).sort()).toEqual(idsOf(statements).sort())
  })

  test("names the commits that fix it", () => {
    const found = statements.find(({ vulnerability }) => vulnerability.name === "CVE-2025-26599")?.status_notes
    expect(found).toMatch(/7169628a1715f8203665f9805c714ed111907914.*d09125fbb3b997ed77b7f008f8bd30328ba69fbb/)
  })

  test("of an image without patches says nothing", () => {
    expect(statementsOf(kvdi)).toEqual([])
  })
})
