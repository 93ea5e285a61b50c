import { z } from "zod"
import { FarmError } from "../errors.ts"
import { parseFile } from "../schema.ts"
import { isBuilt } from "./upstreams.ts"

const exception = z.strictObject({
  id: z.string().min(1),
  package: z.string().min(1),
  reason: z.string().min(1),
  owner: z.string().min(1),
  until: z.iso.date(),
})

/** A vulnerability that somebody accepts until a day. */
export type Exception = z.infer<typeof exception>

const match = z.object({
  vulnerability: z.object({
    id: z.string(),
    severity: z.string(),
    fix: z.object({ versions: z.array(z.string()).nullish(), state: z.string() }),
  }),
  artifact: z.object({ name: z.string(), version: z.string(), purl: z.string().optional() }),
})

const ignored = match.extend({ appliedIgnoreRules: z.array(z.object({ "vex-status": z.string().optional() })).default([]) })

const report = z.object({
  matches: z.array(match),
  ignoredMatches: z.array(ignored).nullish(),
  descriptor: z.object({ name: z.string(), version: z.string(), db: z.unknown() }),
})

/** A vulnerability of a package. */
export interface Finding {
  id: string
  severity: string
  package: string
  version: string
  /** The versions that fix it; none if there is no fix. */
  fixed: string[]
  /** Whether the farm builds it from source, so that no distro answers for it. */
  built: boolean
}

/** The result of a scan, and what in it blocks a release. */
export interface Scan {
  scanner: { name: string; version: string; db: unknown }
  /** Findings by severity in lower case, without those that the VEX document answers. */
  counts: Record<string, number>
  /** How many a patch fixes, and how many don't affect what is built, as the VEX document says. */
  patched: number
  unaffected: number
  excepted: Exception[]
  /** Without an exception: critical and high findings that have a fix, and whatever is found of what is built from source. */
  blocking: (Finding & { expired?: Exception })[]
}

const GATED = ["critical", "high"]

/** The exceptions in a file such as common/release/exceptions.json. */
export function exceptions(file: string, text: string): Exception[] {
  return parseFile(file, text, z.array(exception))
}

/**
 * The scan in grype's JSON: a critical or high finding with a fix blocks, unless an exception holds on the day. So does any finding of what
 * the farm builds from source, whatever its severity, as no distro watches over that: a patch has to fix it, or an answer to say why it
 * doesn't matter, and then grype doesn't count it among its matches.
 */
export function gate(text: string, excepted: Exception[], today: string): Scan {
  const { matches, ignoredMatches, descriptor } = parseFile("grype", text, report)
  const findings = matches.map(
    ({ vulnerability: { id, severity, fix }, artifact }): Finding => ({
      id,
      severity: severity.toLowerCase(),
      package: artifact.name,
      version: artifact.version,
      fixed: fix.state === "fixed" ? (fix.versions ?? []) : [],
      built: isBuilt(artifact.purl),
    }),
  )
  const counts: Record<string, number> = {}
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1
  const answered = (one: Finding) => excepted.find((other) => other.id === one.id && other.package === one.package)
  const gated = findings.filter(({ severity, fixed, built }) => built || (GATED.includes(severity) && fixed.length))
  const answeredBy = (status: string) =>
    (ignoredMatches ?? []).filter(({ appliedIgnoreRules }) => appliedIgnoreRules.some((rule) => rule["vex-status"] === status)).length
  const holds = (one?: Exception) => one !== undefined && one.until >= today
  return {
    scanner: { name: descriptor.name, version: descriptor.version, db: descriptor.db },
    counts,
    patched: answeredBy("fixed"),
    unaffected: answeredBy("not_affected"),
    excepted: excepted.filter((one) => holds(one) && gated.some((other) => answered(other) === one)),
    blocking: gated.filter((one) => !holds(answered(one))).map((one) => ({ ...one, expired: answered(one) })),
  }
}

/** Formats a scan: what blocks, what is excepted, and the counts. */
export function formatScan({ counts, patched, unaffected, excepted, blocking }: Scan): string {
  const order = ["critical", "high", "medium", "low", "negligible", "unknown"]
  const counted = order.filter((severity) => counts[severity]).map((severity) => `${counts[severity]} ${severity}`)
  return [
    ...blocking.map(blocks),
    ...excepted.map(({ id, package: name, reason, owner, until }) => `excepted ${id} of ${name} until ${until}: ${reason} (${owner})`),
    `${counted.join(", ") || "nothing found"}; ${patched} patched, ${unaffected} not affected, ${excepted.length} excepted, ${blocking.length} blocking a release`,
  ].join("\n")
}

/** Throws if something blocks a release; `what` begins the error. */
export function assertGate(what: string, scan: Scan): void {
  if (!scan.blocking.length) return
  const lines = scan.blocking.map(blocks).join("\n")
  const answer = scan.blocking.some(({ built }) => built)
    ? "; what is built from source and isn't affected says so in common/build/patches/NAME/answers.json, by its name in sources.lock.json"
    : ""
  throw new FarmError(
    `${what}: ${blockers(scan)}\n${lines}\ntake the fix, or except it in common/release/exceptions.json with id, package, reason, owner and until${answer}`,
  )
}

/** How many blocking vulnerabilities there are, in words. */
export function blockers({ blocking }: { blocking: unknown[] }): string {
  return blocking.length === 1 ? "1 vulnerability that blocks a release" : `${blocking.length} vulnerabilities that block a release`
}

function blocks({ id, severity, package: name, version, fixed, built, expired }: Scan["blocking"][number]): string {
  const lapsed = expired ? `; its exception ended on ${expired.until} (${expired.owner})` : ""
  const reasons = [
    ...(fixed.length ? [`fixed in ${fixed.join(", ")}`] : []),
    ...(built ? ["built from source, and nothing answers it"] : []),
  ]
  return `${severity} ${id} of ${name} ${version}: ${reasons.join("; ")}${lapsed}`
}
