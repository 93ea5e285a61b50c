import { z } from "zod"
import { FarmError } from "../errors.ts"
import { LOCK, REVISION, VERSION } from "../plan/labels.ts"
import { parseValue } from "../schema.ts"
import type { Results } from "../smoke/results.ts"
import { PROVENANCE } from "./provenance.ts"
import { blockers, type Scan } from "./scan-gate.ts"
import { packagesOf, SPDX, spdxDocument } from "./spdx.ts"

export const VEX = "https://openvex.dev/ns"
export const SCAN = "https://cosign.sigstore.dev/attestation/vuln/v1"
/** https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md */
export const TESTS = "https://in-toto.io/attestation/test-result/v0.1"

/** The in-toto predicate types that are attested of each platform's image. */
export const PREDICATES = [SPDX, VEX, PROVENANCE, SCAN, TESTS] as const

/** What an image is expected to be, and what the registry's image itself says. */
export interface Claims {
  /** The commit. */
  commit: string
  /** The git refs, in full, one of which built it. */
  refs: string[]
  /** The version, if it is known. */
  version?: string
  /** The workflow, if one signs. */
  workflow?: RegExp
  distro: string
  profile: string
  init: string
  platform: string
  digest: string
  labels: Record<string, string>
}

/** The contents of an image's attestations, after they were checked. */
export interface Attestations {
  packages: string[]
  /** The SBOM and the VEX document themselves. */
  bill: unknown
  statements: unknown
  scan: z.infer<typeof scanned>["scanner"]["result"]
  tests: z.infer<typeof tested>
}

const built = z.object({
  buildDefinition: z.object({
    externalParameters: z
      .object({ ref: z.string(), distro: z.string(), profile: z.string(), init: z.string(), platform: z.string() })
      .loose(),
    internalParameters: z.object({ lock: z.string() }).loose(),
    resolvedDependencies: z.array(z.object({ uri: z.string(), digest: z.record(z.string(), z.string()).optional() })).min(1),
  }),
  runDetails: z.object({ builder: z.object({ id: z.string(), version: z.object({ helios: z.string() }).loose() }).loose() }),
})

const exception = z.object({ id: z.string(), package: z.string(), reason: z.string(), owner: z.string(), until: z.string() })

const scanned = z.object({
  scanner: z.object({
    result: z.object({
      counts: z.record(z.string(), z.number()),
      patched: z.number(),
      unaffected: z.number(),
      excepted: z.array(exception),
      blocking: z.array(z.unknown()),
    }),
  }),
})

const tested = z.object({
  result: z.string(),
  passedTests: z.array(z.string()),
  seconds: z.record(z.string(), z.number()),
  timings: z.object({ build: z.number(), upload: z.number(), smoke: z.number() }),
  bytes: z.number(),
  desktop: z.string(),
})

/** A scan as cosign's predicate of vulnerabilities. */
export function scanPredicate({ scanner, ...result }: Scan, time: string): string {
  const { name, version, db } = scanner
  return JSON.stringify({ scanner: { uri: name, version, db, result }, metadata: { scanStartedOn: time, scanFinishedOn: time } })
}

/** Seconds that each step took. */
export interface Timings {
  build: number
  upload: number
  smoke: number
}

/** A passed smoke test as an in-toto test result, with each promise's seconds, the image's bytes and a screenshot in base64. */
export function testPredicate({ outcomes, size }: Results, timings: Timings, desktop: string): string {
  const seconds = Object.fromEntries(outcomes.map((one) => [one.promise, one.seconds]))
  const passedTests = outcomes.map(({ promise }) => promise)
  return JSON.stringify({
    result: "PASSED",
    configuration: [],
    passedTests,
    warnedTests: [],
    failedTests: [],
    seconds,
    timings,
    bytes: size,
    desktop,
  })
}

/** The predicates in the output of `cosign verify-attestation`, which is a DSSE envelope a line. */
export function predicatesOf(printed: string): unknown[] {
  const envelopes = printed.split("\n").filter((line) => line.startsWith("{"))
  return envelopes.map((line) => JSON.parse(Buffer.from(JSON.parse(line).payload, "base64").toString()).predicate)
}

/**
 * Checks that an image's attestations are about that image and let it pass; `all` has the predicates by type, the latest last, whose
 * signatures and digests cosign has checked. Throws one line that names the image by `what`.
 */
export function checkAttestations(what: string, all: Map<string, unknown[]>, claims: Claims): Attestations {
  checkProvenances(what, all.get(PROVENANCE) ?? [], claims)
  const latest = (type: string) => all.get(type)?.at(-1)
  const bill = parseValue(`${what}: SBOM`, latest(SPDX), spdxDocument)
  const root = bill.packages.find(({ primaryPackagePurpose }) => primaryPackagePurpose === "CONTAINER")
  same(what, "SBOM", root?.versionInfo, claims.digest)
  const tests = parseValue(`${what}: test result`, latest(TESTS), tested)
  if (tests.result !== "PASSED") throw new FarmError(`${what}: its smoke test's result is ${tests.result}; don't run it`)
  const { result: scan } = parseValue(`${what}: scan`, latest(SCAN), scanned).scanner
  if (scan.blocking.length) throw new FarmError(`${what}: its scan has ${blockers(scan)}; don't run it`)
  return { packages: packagesOf(bill), bill: latest(SPDX), statements: latest(VEX), scan, tests }
}

/** Checks that one of an image's provenances is as it is claimed: equal bytes may have been built for several refs. */
function checkProvenances(what: string, all: unknown[], claims: Claims): void {
  const reasons = (all.length ? all : [undefined]).map((one) => {
    try {
      checkProvenance(what, one, claims)
      return undefined
    } catch (cause) {
      return cause
    }
  })
  if (reasons.every(Boolean)) throw reasons.at(-1)
}

function checkProvenance(what: string, one: unknown, { labels, commit, refs, version, workflow, ...image }: Claims): void {
  const { buildDefinition, runDetails } = parseValue(`${what}: provenance`, one, built)
  const [farm] = buildDefinition.resolvedDependencies
  const { ref, distro, profile, init, platform } = buildDefinition.externalParameters
  const names = [image.distro, image.profile, image.init, image.platform].join(" ")
  same(what, "provenance", [distro, profile, init, platform].join(" "), names)
  same(what, "label of the commit", labels[REVISION], commit)
  same(what, "provenance's commit", farm?.digest?.gitCommit, commit)
  if (!refs.includes(ref)) same(what, "provenance's ref", ref, refs.join(" or "))
  same(what, "provenance's lock", buildDefinition.internalParameters.lock, labels[LOCK])
  const { id, version: by } = runDetails.builder
  same(what, "provenance's version", by.helios, labels[VERSION])
  if (version !== undefined) same(what, "label of the version", labels[VERSION], version)
  if (workflow && !workflow.test(id)) same(what, "provenance's workflow", id, `one of ${workflow.source}`)
}

function same(what: string, of: string, got: string | undefined, expected: string | undefined): void {
  if (got !== expected)
    throw new FarmError(
      `${what}: its ${of} is of another image: expected ${expected}, got ${got ?? "nothing"}; don't run it, and find out who pushed it`,
    )
}
