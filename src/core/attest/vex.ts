import { LOCK } from "../plan/labels.ts"
import type { Plan } from "../plan/plan.ts"
import { cves, described, upstreams } from "./upstreams.ts"

/**
 * What an image's patches fix, as OpenVEX 0.2.0 (https://github.com/openvex/spec): a statement for each vulnerability of an upstream,
 * with the patches that fix it. `time` is RFC 3339, `author` an address of the farm's.
 */
export function vex(plan: Plan, author: string, time: string): string {
  const statements = upstreams(plan).flatMap(({ purl, patches }) => {
    const fixes = new Map<string, string[]>()
    for (const patch of patches) for (const id of cves(patch)) fixes.set(id, [...(fixes.get(id) ?? []), described(patch)])
    return [...fixes].sort().map(([name, notes]) => ({
      vulnerability: { name },
      products: [{ "@id": purl }],
      status: "fixed",
      status_notes: `patched by ${notes.join("; ")}`,
    }))
  })
  const id = `${author}/vex/${plan.labels[LOCK]}`
  return JSON.stringify({ "@context": "https://openvex.dev/ns/v0.2.0", "@id": id, author, timestamp: time, version: 1, statements })
}
