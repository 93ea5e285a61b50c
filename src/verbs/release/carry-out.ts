import { type Directory, dag, type File, type Platform } from "@dagger.io/dagger"
import { formatOutcome, formatTargets, type Work } from "../../core/release/outcome.ts"
import { checkPrune, formatPruned } from "../../core/release/prune.ts"
import { parseTested } from "../../core/release/tested.ts"
import { formatVerification } from "../../core/release/verified.ts"
import { openCleaner } from "../attest/cosign.ts"
import { trustTool } from "../toolbox.ts"
import { collect } from "./collect.ts"
import { openFor, openRegistryContext, type ReleaseInputs } from "./context.ts"
import { promote } from "./promote.ts"
import { prune } from "./prune.ts"
import { join, prove, publish } from "./publish.ts"
import { testerIn } from "./push-and-test.ts"
import { reportOf } from "./report.ts"
import { rollback } from "./rollback.ts"
import { outdatedIn, stale } from "./stale.ts"
import { verify } from "./verify.ts"

/** Does the work of a verb of releases: what it tells, or one line if the plan publishes nothing. */
async function unlessEmpty({ plan }: ReleaseInputs, work: () => Promise<string>): Promise<string> {
  return plan.targets.length ? work() : formatTargets(plan)
}

/** Opens what such a verb works with, and does its work: the outcome in lines. */
function carryOut<T>(inputs: ReleaseInputs, open: (inputs: ReleaseInputs) => Promise<T>, work: Work<T>): Promise<string> {
  const { plan } = inputs
  return unlessEmpty(inputs, async () => formatOutcome(plan, await work(await open(inputs), plan.targets)))
}

/** What came of building, proving and tagging. */
export function published(inputs: ReleaseInputs): Promise<string> {
  return carryOut(inputs, openFor.building, (context, all) => publish(context, all, testerIn(context)))
}

/** What was proven of the images of one platform, for `joined`, as JSON. */
export async function proven(inputs: ReleaseInputs, platform?: Platform): Promise<string> {
  const context = await openFor.building(inputs)
  const wanted = platform ?? (await dag.defaultPlatform())
  return JSON.stringify(await prove(context, context.plan.targets, wanted, testerIn(context)), null, 2)
}

/** What came of joining what several machines have proven. */
export async function joined(inputs: ReleaseInputs, results: File[]): Promise<string> {
  const texts = await Promise.all(results.map((file) => file.contents()))
  return carryOut(inputs, openFor.signing, (context, all) => join(context, all, parseTested(texts)))
}

/** What came of tagging what another channel has. */
export function promoted(inputs: ReleaseInputs, from: string): Promise<string> {
  return carryOut(inputs, openFor.signing, (context, all) => promote(context, all, from))
}

/** What came of going back. */
export function rolledBack(inputs: ReleaseInputs): Promise<string> {
  return carryOut(inputs, openFor.verifying, rollback)
}

/** What came of deleting the immutable tags beyond the last ones; if it is dry, what would. */
export async function pruned(inputs: ReleaseInputs, keep: number, isDry: boolean): Promise<string> {
  const { plan } = inputs
  checkPrune(plan, keep)
  return unlessEmpty(inputs, async () => {
    const { farm, registry } = await openRegistryContext(inputs)
    const cleaner = openCleaner(registry, () => trustTool(farm, "cosign", inputs))
    return formatPruned(plan, await prune({ registry, cleaner }, plan.targets, keep, isDry), isDry)
  })
}

/** The images that need rebuilding, as a matrix. */
export async function outdated(inputs: ReleaseInputs): Promise<string> {
  const context = await openRegistryContext(inputs)
  const archives = outdatedIn(context, await dag.defaultPlatform())
  return JSON.stringify(await stale(context, context.plan.targets, archives))
}

/** What the tags name, verified. */
export async function verified(inputs: ReleaseInputs): Promise<string> {
  const context = await openFor.verifying(inputs)
  return formatVerification(context.plan, await verify(context, context.plan.targets))
}

/** The release's report. */
export async function reported(inputs: ReleaseInputs): Promise<Directory> {
  const context = await openFor.verifying(inputs)
  return reportOf(context.farm, await collect(context.farm, context, context.plan))
}
