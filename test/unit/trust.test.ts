import { describe, expect, test } from "vitest"
import {
  checkAttestations,
  PREDICATES,
  predicatesOf,
  SCAN,
  scanPredicate,
  TESTS,
  testPredicate,
  VEX,
} from "../../src/core/attest/predicates.ts"
import { PROVENANCE, provenance } from "../../src/core/attest/provenance.ts"
import type { Scan } from "../../src/core/attest/scan-gate.ts"
import { SPDX } from "../../src/core/attest/spdx.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { formatVerification } from "../../src/core/release/verified.ts"
import { farm, pins } from "../support/catalog.ts"

const digest = `sha256:${"a".repeat(64)}`
const wanted = plan(farm(), pins(), { distro: "bookworm", platform: "linux/amd64" })
const workflow = "https://github.com/a.b/c/.github/workflows/release.yml@refs/heads/main"
const made = {
  farm: "https://farm",
  ref: "refs/heads/main",
  commit: "c0",
  workflow,
  version: "1",
  unpinned: false,
  engine: "v0",
  started: "then",
  finished: "now",
}
const scanner = { name: "grype", version: "0", db: { built: "then" } }
const clean: Scan = { scanner, counts: {}, patched: 0, unaffected: 0, excepted: [], blocking: [] }
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
  new Map<string, unknown[]>([
    [SPDX, [structuredClone(bill)]],
    [VEX, [{ statements: [] }]],
    [PROVENANCE, [JSON.parse(provenance(wanted, made))]],
    [SCAN, [JSON.parse(scanPredicate(clean, "then"))]],
    [TESTS, [JSON.parse(testPredicate({ image: "it", size: 7, outcomes: [outcome] }, timings, "cGljdHVyZQ=="))]],
  ])
const labels = {
  "org.opencontainers.image.revision": "c0",
  "org.opencontainers.image.version": "1",
  "io.helios.lock": wanted.labels["io.helios.lock"] as string,
}
const image = { distro: "bookworm", profile: "helios", init: "s6", platform: "linux/amd64", digest, labels }
const claims = { ...image, commit: "c0", refs: ["refs/heads/main"], version: "1", workflow: /^https:\/\/github\.com\/a\.b\/c\// }

describe("what is attested of an image", () => {
  test("is all that is asked for, and tells packages, scan and tests", () => {
    expect([...all().keys()].sort()).toEqual([...PREDICATES].sort())
    expect(checkAttestations("it", all(), claims)).toMatchObject({
      packages: ["bash 5"],
      bill,
      statements: { statements: [] },
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
    [
      "a test that failed",
      TESTS,
      (one: { result: string }) => Object.assign(one, { result: "FAILED" }),
      /^it: its smoke test's result is FAILED/,
    ],
    [
      "a finding in the way",
      SCAN,
      (one: { scanner: { result: Scan } }) => one.scanner.result.blocking.push({ id: "CVE-1" } as never),
      /^it: its scan has 1 vulnerability that blocks a release/,
    ],
  ])("with %s is refused", (_, type, change, says) => {
    const changed = all()
    if (change) change(changed.get(type)?.[0] as never)
    else changed.delete(type)
    expect(() => checkAttestations("it", changed, claims)).toThrow(says)
  })

  test.each([
    ["distro", { ...claims, distro: "trixie" }, /its provenance is of another image: expected trixie helios s6 linux\/amd64, got bookworm/],
    ["platform", { ...claims, platform: "linux/arm64" }, /its provenance is of another image/],
    ["commit", { ...claims, commit: "c1" }, /^it: its label of the commit is of another image: expected c1, got c0; don't run it/],
    [
      "commit than its label's",
      { ...claims, commit: "c1", labels: { ...labels, "org.opencontainers.image.revision": "c1" } },
      /provenance's commit is of another image: expected c1, got c0/,
    ],
    [
      "branch",
      { ...claims, refs: ["refs/heads/testing", "refs/tags/v1.2.3"] },
      /provenance's ref is of another image: expected refs\/heads\/testing or refs\/tags\/v1\.2\.3, got refs\/heads\/main/,
    ],
    ["version", { ...claims, version: "2" }, /its label of the version is of another image: expected 2, got 1/],
    [
      "version than its label's",
      { ...claims, labels: { ...labels, "org.opencontainers.image.version": "2" } },
      /provenance's version is of another image: expected 2, got 1/,
    ],
    ["repository's workflow", { ...claims, workflow: /^https:\/\/github\.com\/a-b\/c\// }, /provenance's workflow is of another image/],
    ["lock", { ...claims, labels: { ...labels, "io.helios.lock": "sha256:0" } }, /provenance's lock is of another image/],
  ])("another %s is refused", (_, other, says) => {
    expect(() => checkAttestations("it", all(), other)).toThrow(says)
  })

  test("may be of several refs that built the same bytes, of which one is enough", () => {
    const twice = all()
    const other = (ref: string) => JSON.parse(provenance(wanted, { ...made, ref }))
    twice.set(PROVENANCE, [other("refs/heads/main"), other("refs/tags/v9.9.9")])
    expect(checkAttestations("it", twice, claims)).toMatchObject({ packages: ["bash 5"] })
    twice.set(PROVENANCE, [other("refs/heads/topic"), other("refs/tags/v9.9.9")])
    expect(() => checkAttestations("it", twice, claims)).toThrow("expected refs/heads/main, got refs/tags/v9.9.9")
    twice.delete(PROVENANCE)
    expect(() => checkAttestations("it", twice, claims)).toThrow("it: provenance: the file: expected object, got nothing")
  })

  test("is read from the envelopes that cosign prints, whatever else it says", () => {
    const envelope = (predicate: unknown) => JSON.stringify({ payload: Buffer.from(JSON.stringify({ predicate })).toString("base64") })
    expect(predicatesOf(`Verification for it\n${envelope({ a: 1 })}\n${envelope({ a: 2 })}\n`)).toEqual([{ a: 1 }, { a: 2 }])
  })
})

test("provenance names the lock, the whole plan, the engine and every source by its commit", () => {
  const { buildDefinition, runDetails } = JSON.parse(provenance(wanted, made))
  expect(buildDefinition.internalParameters).toMatchObject({ lock: labels["io.helios.lock"], plan: wanted })
  expect(buildDefinition.externalParameters.ref).toBe("refs/heads/main")
  expect(runDetails.builder).toEqual({ id: workflow, version: { helios: "1", dagger: "v0" } })
  expect(JSON.parse(provenance(wanted, { ...made, workflow: undefined })).runDetails.builder.id).toBe("https://farm")
  const commits = buildDefinition.resolvedDependencies.flatMap((one: { digest?: { gitCommit?: string } }) => one.digest?.gitCommit ?? [])
  const built = wanted.components.flatMap(({ sources }) => Object.values(sources).map(({ commit }) => commit))
  expect(built.length).toBeGreaterThan(10)
  expect(commits).toEqual(expect.arrayContaining([...built, "c0"]))
})

test("provenance names the components that were taken from a store, by their digests", () => {
  const of = (...taken: Parameters<typeof provenance>[2] & object) =>
    JSON.parse(provenance(wanted, made, taken)).buildDefinition.resolvedDependencies as { name?: string }[]
  const taken = { name: "xorg-21.1.4", address: "ghcr.io/studio/helios-components:abc", digest }
  expect(of(taken).filter(({ name }) => name)).toEqual([
    { name: "xorg-21.1.4", uri: "pkg:docker/studio/helios-components@abc?repository_url=ghcr.io", digest: { sha256: "a".repeat(64) } },
  ])
  expect(of().filter(({ name }) => name)).toEqual([])
})

test("provenance says which archives were used, and attests no date that was none of theirs", () => {
  const archives = (asOf?: string) => {
    const of = plan(farm(), pins(), { distro: "bookworm", platform: "linux/amd64", asOf, today: "2026-11-29" })
    return JSON.parse(provenance(of, made)).buildDefinition.externalParameters
  }
  for (const live of [archives(), archives("2026-11-29")]) {
    expect(live.archives).toBe("live")
    expect(live).not.toHaveProperty("asOf")
  }
  expect(archives("2026-11-28").archives.debian).toBe("http://snapshot.debian.org/archive/debian/20261128T000000Z/")
})

test("a verification tells of each platform, and of each that failed why", () => {
  const target = { repository: "helios", tag: "v1.2.3-bookworm" } as never
  const images = new Map([["linux/amd64", checkAttestations("it", all(), claims)]])
  const failed = { target, images: new Map(), reason: "helios:v1.2.3-bookworm doesn't exist: publish it first" }
  expect(() =>
    formatVerification({ repository: "ghcr.io/o" }, [{ target, digest, images }, failed]),
  ).toThrow(`verified ghcr.io/o/helios:v1.2.3-bookworm is ${digest}
  linux/amd64: 1 promises kept, 1 packages, 0 vulnerabilities patched, 0 excepted
helios:v1.2.3-bookworm doesn't exist: publish it first

1 verified, 1 failed`)
})
