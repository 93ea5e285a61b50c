import { z } from "zod"
import { FarmError } from "../errors.ts"
import { parseFile } from "../schema.ts"

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
  artifact: z.object({ name: z.string(), version: z.string() }),
})

const report = z.object({
  matches: z.array(match),
  ignoredMatches: z.array(match).nullish(),
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
}

/** The result of a scan, and what in it blocks a release. */
export interface Scan {
  scanner: { name: string; version: string; db: unknown }
  /** Findings by severity in lower case, without those that patches fixed. */
  counts: Record<string, number>
  /** How many a VEX statement covers. */
  patched: number
  excepted: Exception[]
  /** Critical and high findings that have a fix and no exception. */
  blocking: (Finding & { expired?: Exception })[]
}

const GATED = ["critical", "high"]

/** The exceptions in a file such as common/release/exceptions.json. */
export function exceptions(file: string, text: string): Exception[] {
  return parseFile(file, text, z.array(exception))
}

/** The scan in grype's JSON: a critical or high finding with a fix blocks, unless an exception holds on the day. */
export function gate(text: string, excepted: Exception[], today: string): Scan {
  const { matches, ignoredMatches, descriptor } = parseFile("grype", text, report)
  const findings = matches.map(
    ({ vulnerability: { id, severity, fix }, artifact }): Finding => ({
      id,
      severity: severity.toLowerCase(),
      package: artifact.name,
      version: artifact.version,
      fixed: fix.state === "fixed" ? (fix.versions ?? []) : [],
    }),
  )
  const counts: Record<string, number> = {}
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1
  const answered = (one: Finding) => excepted.find((other) => other.id === one.id && other.package === one.package)
  const gated = findings.filter(({ severity, fixed }) => GATED.includes(severity) && fixed.length)
  const holds = (one?: Exception) => one !== undefined && one.until >= today
  return {
    scanner: { name: descriptor.name, version: descriptor.version, db: descriptor.db },
    counts,
    patched: ignoredMatches?.length ?? 0,
    excepted: excepted.filter((one) => holds(one) && gated.some((other) => answered(other) === one)),
    blocking: gated.filter((one) => !holds(answered(one))).map((one) => ({ ...one, expired: answered(one) })),
  }
}

/** Formats a scan: what blocks, what is excepted, and the counts. */
export function formatScan({ counts, patched, excepted, blocking }: Scan): string {
  const order = ["critical", "high", "medium", "low", "negligible", "unknown"]
  const counted = order.filter((severity) => counts[severity]).map((severity) => `${counts[severity]} ${severity}`)
  return [
    ...blocking.map(blocks),
    ...excepted.map(({ id, package: name, reason, owner, until }) => `excepted ${id} of ${name} until ${until}: ${reason} (${owner})`),
    `${counted.join(", ") || "nothing found"}; ${patched} patched, ${excepted.length} excepted, ${blocking.length} blocking a release`,
  ].join("\n")
}

/** Throws if something blocks a release; `what` begins the error. */
export function assertGate(what: string, scan: Scan): void {
  if (!scan.blocking.length) return
  const lines = scan.blocking.map(blocks).join("\n")
  throw new FarmError(
    `${what}: ${withFix(scan)}\n${lines}\ntake the fix, or except it in common/release/exceptions.json with id, package, reason, owner and until`,
  )
}

/** How many blocking vulnerabilities there are, in words. */
export function withFix({ blocking }: { blocking: unknown[] }): string {
  return `${blocking.length} ${blocking.length === 1 ? "vulnerability" : "vulnerabilities"} with a fix`
}

function blocks({ id, severity, package: name, version, fixed, expired }: Scan["blocking"][number]): string {
  const lapsed = expired ? `; its exception ended on ${expired.until} (${expired.owner})` : ""
  return `${severity} ${id} of ${name} ${version}: fixed in ${fixed.join(", ")}${lapsed}`
}
