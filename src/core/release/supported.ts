import { type EndOfLife, endedError, hasEnded, leftOutLine } from "../catalog/end-of-life.ts"
import { type Only, type ReleasePlan, selectTargets } from "./targets.ts"

/** A release plan of the named distros, profiles and inits alone; throws for a name that no target has. */
export function restrictPlan(plan: ReleasePlan, only: Only): ReleasePlan {
  return { ...plan, targets: selectTargets(plan.targets, only), named: [...plan.named, ...only.distro] }
}

/**
 * A release plan by a day: without the distros whose life has ended, and a line for each of these. One that was named is refused; a plan
 * that is only read keeps it, as what was released of it before stays. So is a plan of which nothing would be left.
 */
export function supportedPlan(plan: ReleasePlan, today: string, isToRead = false): { plan: ReleasePlan; leftOut: string[] } {
  const { ends, named, targets } = plan
  const isNamed = ({ name }: EndOfLife) => named.includes(name)
  const ended = ends.filter((one) => hasEnded(one, today) && targets.some(({ distro }) => distro === one.name))
  const left = ended.filter((one) => !(isToRead && isNamed(one)))
  const kept = targets.filter(({ distro }) => !left.some(({ name }) => name === distro))
  const refused = left.find(isNamed) ?? (kept.length ? undefined : left[0])
  if (refused) throw endedError(refused)
  return { plan: { ...plan, targets: kept }, leftOut: left.map(leftOutLine) }
}
