import { describe, expect, test } from "vitest"
import { cosignRefusal, signing, verifying } from "../../src/core/attest/cosign.ts"
import { checked, PREDICATES, predicatesOf, SCAN, scanPredicate, TESTS, testPredicate, VEX } from "../../src/core/attest/predicates.ts"
import { PROVENANCE, provenance } from "../../src/core/attest/provenance.ts"
import { exceptions, judged, passable, type Scan, told } from "../../src/core/attest/scan-gate.ts"
import { SPDX } from "../../src/core/attest/spdx.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { verification } from "../../src/core/release/verified.ts"
import { farm, pins } from "./catalog.ts"

const found = (id: string, name: string, severity: string, versions: string[] = []) => ({
  vulnerability: { id, severity, fix: { versions, state: versions.length ? "fixed" : "not-fixed" } },
  artifact: { name, version: "1" },
})
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
    const scan = judged(grype(matches), [], "2026-11-26")
    expect(scan.blocking.length).toBe(blocking)
    if (blocking)
      expect(() => passable("it", scan)).toThrow(
        /^it: 1 findings that have a fix\n(critical|high) CVE-1 of a 1: fixed in 2\ntake the fix, or/,
      )
    else expect(passable("it", scan)).toBe(undefined)
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
    const scan = judged(grype([found("CVE-1", "a", "High", ["2"])]), [one], "2026-11-26")
    expect(told(scan).split("\n").slice(0, blocks.length)).toEqual(blocks)
    expect([scan.blocking.length, scan.excepted.length]).toEqual([blocks.length, excepted])
  })

  test("tells how many of each severity there were, and how many a VEX statement answered", () => {
    const scan = judged(
      grype([found("1", "a", "Low"), found("2", "a", "High"), found("3", "b", "Low")], [found("4", "x", "High")]),
      [],
      "2026-11-26",
    )
    expect(told(scan)).toBe("1 high, 2 low; 1 patched, 0 excepted, 0 in the way of a release")
  })

  test.each([
    [[{ ...exception, owner: undefined }], "common/scan/exceptions.json: [0].owner: expected string, got nothing"],
    [[{ ...exception, owner: "" }], /\[0\]\.owner: Too small/],
    [[{ ...exception, until: "soon" }], /\[0\]\.until: Invalid ISO date, got "soon"/],
    [[{ ...exception, forever: true }], 'common/scan/exceptions.json: [0]: unknown field "forever"'],
  ])("exceptions %j are refused", (value, says) => {
    expect(() => exceptions("common/scan/exceptions.json", JSON.stringify(value))).toThrow(says)
  })
})

const digest = `sha256:${"a".repeat(64)}`
const wanted = plan(farm(), pins(), { distro: "bookworm", platform: "linux/amd64" })
const made = { farm: "https://farm", ref: "main", commit: "c0", version: "1", engine: "v0", started: "then", finished: "now" }
const clean: Scan = judged(grype([]), [], "2026-11-26")
const timings = { build: 1, upload: 2, smoke: 3 }
const outcome = { promise: "web", status: "passed" as const, seconds: 2, checks: [], log: "" }
const bill = {
  spdxVersion: "SPDX-2.3",
  creationInfo: { creators: [], created: "then" },
  packages: [
    { name: "helios", SPDXID: "SPDXRef-Image", versionInfo: digest, primaryPackagePurpose: "CONTAINER" },
    { name: "bash", SPDXID: "SPDXRef-bash", versionInfo: "5" },
  ],
  relationships: [],
}
const all = () =>
  new Map<string, unknown>([
    [SPDX, structuredClone(bill)],
    [VEX, {}],
    [PROVENANCE, JSON.parse(provenance(wanted, made))],
    [SCAN, JSON.parse(scanPredicate(clean, "then"))],
    [TESTS, JSON.parse(testPredicate({ image: "it", size: 7, outcomes: [outcome] }, timings, "cGljdHVyZQ=="))],
  ])
const labels = { "org.opencontainers.image.revision": "c0", "io.helios.lock": wanted.labels["io.helios.lock"] as string }
const claims = { distro: "bookworm", profile: "helios", init: "s6", platform: "linux/amd64", digest, labels }

describe("what is attested of an image", () => {
  test("is all that is asked for, and tells packages, scan and tests", () => {
    expect([...all().keys()].sort()).toEqual([...PREDICATES].sort())
    expect(checked("it", all(), claims)).toMatchObject({
      packages: ["bash 5"],
      scan: { patched: 0, blocking: [] },
      tests: { passedTests: ["web"], seconds: { web: 2 }, timings, bytes: 7, desktop: "cGljdHVyZQ==" },
    })
  })

  test.each([
    [
      "an SBOM of another image",
      SPDX,
      (one: typeof bill) => Object.assign(one.packages[0] as object, { versionInfo: "sha256:b" }),
      /^it: its SBOM is of another image/,
    ],
    ["no SBOM", SPDX, undefined, /^it: SBOM: the file: expected object, got nothing/],
    ["a test that failed", TESTS, (one: { result: string }) => Object.assign(one, { result: "FAILED" }), /^it: its smoke test says FAILED/],
    [
      "a finding in the way",
      SCAN,
      (one: { scanner: { result: Scan } }) => one.scanner.result.blocking.push({ id: "CVE-1" } as never),
      /^it: its scan has 1 findings that have a fix/,
    ],
  ])("with %s is refused", (_, type, change, says) => {
    const changed = all()
    if (change) change(changed.get(type) as never)
    else changed.delete(type)
    expect(() => checked("it", changed, claims)).toThrow(says)
  })

  test.each([
    ["distro", { ...claims, distro: "trixie" }, /its provenance is of another image: expected trixie helios s6 linux\/amd64, got bookworm/],
    ["platform", { ...claims, platform: "linux/arm64" }, /its provenance is of another image/],
    [
      "commit",
      { ...claims, labels: { ...labels, "org.opencontainers.image.revision": "c1" } },
      /provenance's commit is of another image: expected c1, got c0/,
    ],
    ["lock", { ...claims, labels: { ...labels, "io.helios.lock": "sha256:0" } }, /provenance's lock is of another image/],
  ])("another %s is refused", (_, other, says) => {
    expect(() => checked("it", all(), other)).toThrow(says)
  })

  test("is read from the envelopes that cosign prints, whatever else it says", () => {
    const envelope = (predicate: unknown) => JSON.stringify({ payload: Buffer.from(JSON.stringify({ predicate })).toString("base64") })
    expect(predicatesOf(`Verification for it\n${envelope({ a: 1 })}\n${envelope({ a: 2 })}\n`)).toEqual([{ a: 1 }, { a: 2 }])
  })
})

test("provenance names the lock, the whole plan, the engine and every source by its commit", () => {
  const { buildDefinition, runDetails } = JSON.parse(provenance(wanted, made))
  expect(buildDefinition.internalParameters).toMatchObject({ lock: labels["io.helios.lock"], plan: wanted })
  expect(runDetails.builder.version).toEqual({ helios: "1", dagger: "v0" })
  const commits = buildDefinition.resolvedDependencies.flatMap((one: { digest?: { gitCommit?: string } }) => one.digest?.gitCommit ?? [])
  const built = wanted.components.flatMap(({ sources }) => Object.values(sources).map(({ commit }) => commit))
  expect(built.length).toBeGreaterThan(10)
  expect(commits).toEqual(expect.arrayContaining([...built, "c0"]))
})

describe("cosign", () => {
  test("asks no service where a key signs, and Sigstore's where a workflow does", () => {
    expect(signing({ by: "key" })).toEqual(["--yes", "--key=/run/cosign.key", "--signing-config=/run/signing.json"])
    expect(signing({ by: "identity", pattern: "^it" })).toEqual(["--yes"])
  })

  test("accepts a workflow by its identity and GitHub's word for it alone", () => {
    expect(verifying({ by: "identity", pattern: "^it" })).toEqual([
      "--certificate-identity-regexp=^it",
      "--certificate-oidc-issuer=https://token.actions.githubusercontent.com",
    ])
    expect(verifying({ by: "key" })).toContain("--key=/run/cosign.pub")
  })

  test.each([
    [
      "WARNING: x\nError: no signatures found\nerror during command execution: no signatures found",
      "it: no signatures found; it isn't what was signed: don't run it, and see who pushed it",
    ],
    ["Error: signing [x]: reading key: decrypt: encrypted: decryption failed", /the key's passphrase is another: check --passphrase/],
  ])("%j", (said, line) => {
    expect(cosignRefusal("it", said)?.message).toMatch(line)
  })

  test("leaves to the registry what is its business", () => {
    expect(cosignRefusal("it", "Error: connection refused")).toBe(undefined)
  })
})

test("a verification tells of each platform, and of each that failed why", () => {
  const publication = { repository: "helios", tag: "v1.2.3-bookworm" } as never
  const images = new Map([["linux/amd64", checked("it", all(), claims)]])
  const failed = { publication, images: new Map(), reason: "helios:v1.2.3-bookworm is not there: publish it first" }
  expect(() =>
    verification({ repository: "ghcr.io/o" }, [{ publication, digest, images }, failed]),
  ).toThrow(`verified ghcr.io/o/helios:v1.2.3-bookworm is ${digest}
  linux/amd64: 1 promises kept, 1 packages, 0 vulnerabilities patched, 0 excepted
helios:v1.2.3-bookworm is not there: publish it first

1 verified, 1 failed`)
})
