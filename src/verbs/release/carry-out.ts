import { formatOutcome, formatTargets, type Work } from "../../core/release/outcome.ts"
import type { ReleaseInputs } from "./context.ts"

/** Opens what a verb of releases works with, and does its work: the outcome in lines, or one line if the plan publishes nothing. */
export async function carryOut<T>(inputs: ReleaseInputs, open: (inputs: ReleaseInputs) => Promise<T>, work: Work<T>): Promise<string> {
  const { plan } = inputs
  if (!plan.targets.length) return formatTargets(plan)
  return formatOutcome(plan, await work(await open(inputs), plan.targets))
}
