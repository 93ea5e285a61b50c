import { formatBytes } from "../size.ts"

/** One promise's outcome. */
export interface Outcome {
  promise: string
  status: "passed" | "failed" | "skipped"
  seconds: number
  /** What was checked, in order. */
  checks: { name: string; status: "passed" | "failed" | "skipped"; seconds: number; detail: string }[]
  /** What the check printed. */
  log: string
}

/** A smoke test's outcomes and what they are about. */
export interface Results {
  image: string
  size: number
  outcomes: Outcome[]
}

const MARK = { passed: "✓", failed: "✗", skipped: "-" } as const

/** One line for one promise. */
export function line({ status, promise, seconds }: Outcome): string {
  return `${MARK[status]} ${promise.padEnd(14)}${seconds.toFixed(1).padStart(6)} s`
}

/** The summary for people: a line for each promise, what failed and why, and the counts. */
export function summary(results: Results): string {
  const failures = results.outcomes.flatMap(({ promise, checks }) =>
    checks.filter(({ status }) => status === "failed").map(({ name, detail }) => `\n${promise}: ${name}\n${detail.replace(/^/gm, "    ")}`),
  )
  const lines = results.outcomes.map(line)
  return [`${results.image}, ${formatBytes(results.size)}`, ...lines, ...failures, "", counts(results)].join("\n")
}

/** The closing line that CI reads. */
export function counts({ outcomes }: Results): string {
  const count = (wanted: string) => outcomes.filter(({ status }) => status === wanted).length
  return `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`
}

/** Whether every promise was kept and none was left out. */
export function isPassed({ outcomes }: Results): boolean {
  return outcomes.length > 0 && outcomes.every(({ status }) => status === "passed")
}
