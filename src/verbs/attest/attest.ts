import { type Directory, dag } from "@dagger.io/dagger"
import { SCAN, scanPredicate, TESTS, type Timings, testPredicate, VEX } from "../../core/attest/predicates.ts"
import { PROVENANCE, provenance } from "../../core/attest/provenance.ts"
import { assertGate } from "../../core/attest/scan-gate.ts"
import { SPDX } from "../../core/attest/spdx.ts"
import type { Plan } from "../../core/plan/plan.ts"
import { base64 } from "../base64.ts"
import { type Farm, origin } from "../farm.ts"
import { screenshot } from "../smoke/report.ts"
import type { Smoke } from "../smoke/smoke.ts"
import type { TrustTools } from "../toolbox.ts"
import { sbomAndScan } from "./sbom.ts"
import type { Signer } from "./signer.ts"

/** What images are attested with. */
export interface AttestContext {
  farm: Farm
  signer: Signer
  tools: TrustTools
  /** The farm's git ref in full, its commit, and when that was made. */
  ref: string
  commit: string
  created?: string
  /** Whether images without a digest were let pass. */
  unpinned: boolean
  /** When, RFC 3339, and the day of it. */
  time: string
  today: string
}

/** An image on its way into a registry. */
export interface BuiltImage {
  plan: Plan
  /** What it is called in errors. */
  name: string
  layout: Directory
  digest: string
  /** When its build began: RFC 3339. */
  started: string
}

/** An image's SBOM, VEX, scan and provenance, by predicate type; throws if the scan blocks a release. */
export async function makeAttestations(context: AttestContext, built: BuiltImage): Promise<Map<string, string>> {
  const { plan, name, started } = built
  const { bill, statements, found } = await sbomAndScan(context.farm, plan, built, context)
  assertGate(name, found)
  const { repository, version } = origin()
  const { ref, commit, unpinned, signer } = context
  const by = { farm: signer.workflow?.repository ?? repository, ref, commit, workflow: signer.workflow?.identity, version }
  const made = { ...by, unpinned, engine: await dag.version(), started, finished: new Date().toISOString() }
  return new Map([
    [SPDX, bill],
    [VEX, statements],
    [SCAN, scanPredicate(found, new Date().toISOString())],
    [PROVENANCE, provenance(plan, made, context.farm.store?.takenFor(plan))],
  ])
}

/** Attests those and the smoke test of an image that is in the registry, and signs it. */
export async function attestAndSign(
  { signer }: AttestContext,
  { plan, digest }: BuiltImage,
  told: Map<string, string>,
  { results, artifacts }: Smoke,
  timings: Timings,
): Promise<void> {
  const desktop = await base64(await screenshot(artifacts))
  // One after the other: each adds itself to the list of what refers to the image, which knows no locks.
  for (const [type, predicate] of [...told, [TESTS, testPredicate(results, timings, desktop)] as const])
    await signer.attest(plan.repository, digest, type, predicate)
  await signer.sign(plan.repository, digest)
}
