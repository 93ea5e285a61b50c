import { describe, expect, test } from "vitest"
import { assertGate, exceptions, formatScan, gate } from "../../src/core/attest/scan-gate.ts"
import { genericPurl } from "../../src/core/attest/upstreams.ts"

const found = (id: string, name: string, severity: string, versions: string[] = []) => ({
  vulnerability: { id, severity, fix: { versions, state: versions.length ? "fixed" : "not-fixed" } },
  artifact: { name, version: "1" },
})
/** A finding of what is built from source: NVD has no fixes, and severities of its own. */
const built = (id: string, severity: string, versions: string[] = []) => {
  const { vulnerability, artifact } = found(id, "xorg-server", severity, versions)
  return { vulnerability, artifact: { ...artifact, purl: genericPurl("xorg-server", "1", "git+https://example.org/xorg@c0") } }
}
const answeredAs = (status: string, one: ReturnType<typeof found>) => ({ ...one, appliedIgnoreRules: [{ "vex-status": status }] })
const grype = (matches: unknown[], ignoredMatches: unknown[] = []) =>
  JSON.stringify({ matches, ignoredMatches, descriptor: { name: "grype", version: "0", db: { built: "then" } } })
const exception = { id: "CVE-1", package: "a", reason: "not reached", owner: "somebody", until: "2026-11-26" }

describe("the scan's gate", () => {
  test.each([
    ["a critical one with a fix", [found("CVE-1", "a", "Critical", ["2"])], 1],
    ["a high one with a fix", [found("CVE-1", "a", "High", ["2"])], 1],
    ["a high one without", [found("CVE-1", "a", "High")], 0],
    ["a medium one with a fix", [found("CVE-1", "a", "Medium", ["2"])], 0],
    ["nothing", [], 0],
  ])("%s", (_, matches, blocking) => {
    const scan = gate(grype(matches), [], "2026-11-26")
    expect(scan.blocking.length).toBe(blocking)
    if (blocking)
      expect(() => assertGate("it", scan)).toThrow(
        /^it: 1 vulnerability that blocks a release\n(critical|high) CVE-1 of a 1: fixed in 2\ntake the fix, or .* and until$/,
      )
    else expect(assertGate("it", scan)).toBe(undefined)
  })

  test.each([
    ["holds on its last day", exception, [], 1],
    [
      "has ended",
      { ...exception, until: "2026-11-25" },
      ["high CVE-1 of a 1: fixed in 2; its exception ended on 2026-11-25 (somebody)"],
      0,
    ],
    ["is for another package", { ...exception, package: "b" }, ["high CVE-1 of a 1: fixed in 2"], 0],
    ["is for another finding", { ...exception, id: "CVE-2" }, ["high CVE-1 of a 1: fixed in 2"], 0],
  ])("an exception that %s", (_, one, blocks, excepted) => {
    const scan = gate(grype([found("CVE-1", "a", "High", ["2"])]), [one], "2026-11-26")
    expect(formatScan(scan).split("\n").slice(0, blocks.length)).toEqual(blocks)
    expect([scan.blocking.length, scan.excepted.length]).toEqual([blocks.length, excepted])
  })

  test.each([
    ["critical, without a fix", built("CVE-1", "Critical"), "critical CVE-1 of xorg-server 1: built from source, and nothing answers it"],
    ["of no known severity", built("CVE-1", "Unknown"), "unknown CVE-1 of xorg-server 1: built from source, and nothing answers it"],
    ["low, with a fix", built("CVE-1", "Low", ["2"]), "low CVE-1 of xorg-server 1: fixed in 2; built from source, and nothing answers it"],
  ])("what is built from source blocks by any finding: one that is %s", (_, one, line) => {
    const scan = gate(grype([one]), [], "2026-11-26")
    expect(() => assertGate("it", scan)).toThrow(line)
    expect(() => assertGate("it", scan)).toThrow(
      "; what is built from source and isn't affected says so in common/build/patches/NAME/answers.json, by its name in sources.lock.json",
    )
    expect(gate(grype([one]), [{ ...exception, package: "xorg-server" }], "2026-11-26").blocking).toEqual([])
    expect(gate(grype([], [answeredAs("not_affected", one)]), [], "2026-11-26").blocking).toEqual([])
  })

  test("tells how many of each severity there were, and how many a VEX statement answered, by what it says", () => {
    const matches = [found("1", "a", "Low"), found("2", "a", "High"), found("3", "b", "Low")]
    const ignored = [
      answeredAs("fixed", built("4", "High")),
      answeredAs("not_affected", built("5", "Low")),
      answeredAs("not_affected", built("6", "Low")),
      { ...found("7", "linux-headers", "High"), appliedIgnoreRules: [{}] },
    ]
    expect(formatScan(gate(grype(matches, ignored), [], "2026-11-26"))).toBe(
      "1 high, 2 low; 1 patched, 2 not affected, 0 excepted, 0 blocking a release",
    )
  })

  test.each([
    [[{ ...exception, owner: undefined }], "common/release/exceptions.json: [0].owner: expected string, got nothing"],
    [[{ ...exception, owner: "" }], /\[0\]\.owner: Too small/],
    [[{ ...exception, until: "soon" }], /\[0\]\.until: Invalid ISO date, got "soon"/],
    [[{ ...exception, forever: true }], 'common/release/exceptions.json: [0]: unknown field "forever"'],
  ])("exceptions %j are refused", (value, says) => {
    expect(() => exceptions("common/release/exceptions.json", JSON.stringify(value))).toThrow(says)
  })
})
