import { LOCK } from "../plan/labels.ts"
import type { Plan } from "../plan/plan.ts"
import type { Answers } from "../sources/answers.ts"
import { cves } from "../sources/patches.ts"
import { described, type Upstream, upstreams } from "./upstreams.ts"

/**
 * What of its upstreams' vulnerabilities an image doesn't have, as OpenVEX 0.2.0 (https://github.com/openvex/spec): a statement for each that
 * patches fix, with those patches, and for each that an answer says not to matter. `time` is RFC 3339, `author` an address of the farm's.
 */
export function vex(plan: Plan, answers: Answers, author: string, time: string): string {
  const statements = upstreams(plan).flatMap((one) => [...fixed(one), ...unaffected(one, answers)])
  const id = `${author}/vex/${plan.labels[LOCK]}`
  return JSON.stringify({ "@context": "https://openvex.dev/ns/v0.2.0", "@id": id, author, timestamp: time, version: 1, statements })
}

function fixed({ purl, patches }: Upstream) {
  const fixes = new Map<string, string[]>()
  for (const patch of patches) for (const id of cves(patch)) fixes.set(id, [...(fixes.get(id) ?? []), described(patch)])
  return [...fixes].sort().map(([name, notes]) => ({
    vulnerability: { name },
    products: [{ "@id": purl }],
    status: "fixed",
    status_notes: `patched by ${notes.join("; ")}`,
  }))
}

function unaffected({ purl, source }: Upstream, answers: Answers) {
  return (answers.get(source.name) ?? []).map(({ id: name, justification, statement: impact_statement }) => ({
    vulnerability: { name },
    products: [{ "@id": purl }],
    status: "not_affected",
    justification,
    impact_statement,
  }))
}
