import type { Secret, Service } from "@dagger.io/dagger"
import { assertRunsOn } from "../../core/attest/workflow.ts"
import { failureReason } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { type Origin, parseOrigin } from "../../core/plan/labels.ts"
import type { Plan } from "../../core/plan/plan.ts"
import { assertPinned, basesOf } from "../../core/release/pinned.ts"
import { assertVersion, fullRef } from "../../core/release/refs.ts"
import { supportedPlan } from "../../core/release/supported.ts"
import { type DatedReleasePlan, datePlan, planRelease, type ReleasePlan, type ReleaseRequest } from "../../core/release/targets.ts"
import type { Base } from "../../core/sources/bases.ts"
import type { AttestContext } from "../attest/attest.ts"
import { openSigner, type Signing } from "../attest/cosign.ts"
import { judge } from "../attest/sbom.ts"
import { type Farm, type Guest, guestOf, origin } from "../farm.ts"
import { openRegistry, type Reachable } from "../registry/skopeo.ts"
import { openStocked, openStore } from "../store/open.ts"
import { push } from "../store/push.ts"
import { type TrustTools, toolsOf, trustTool } from "../toolbox.ts"
import type { MoveContext } from "./retag.ts"

/** Everything a `release` call was given: its plan, credentials, signing options, tools. */
export interface ReleaseInputs extends Signing, TrustTools, Omit<Guest, "mirror"> {
  plan: DatedReleasePlan
  password?: Secret
  local?: Service
  /** Whether layers are compressed by zstd. */
  zstd?: boolean
}

/** What a release works with. */
export interface ReleaseContext extends AttestContext, Pick<MoveContext, "judge"> {
  plan: DatedReleasePlan
  registry: Reachable
  /** Whether layers are compressed by zstd, in place of gzip. */
  zstd: boolean
  /** The archives' date, if one was given. */
  asOf?: string
  /** Pushes what the farm's store lacks of a plan's components, signed as the release is, if the farm has one. */
  fill?(plan: Plan): Promise<void>
}

/** The part of it that reads and moves tags. */
export type RegistryContext = Pick<ReleaseContext, "farm" | "registry" | "commit" | "plan">

/** The plan of a release as JSON, of the farm's version if its distros alone are released; throws one line for two commits. */
export function requested(farm: Farm, asked: Omit<ReleaseRequest, "created" | "version">, from: Origin, isOwn: boolean): string {
  const { commit: own = asked.commit, created } = parseOrigin(from)
  if (own !== asked.commit)
    throw new FarmError(`--commit=${own} before release, --commit=${asked.commit} after it: expected one of them, or the same`)
  return JSON.stringify(planRelease(farm.catalog, { ...asked, created, version: isOwn ? origin().version : undefined }))
}

/** A release plan as of now, without the distros whose life has ended, each of which is told; `isToRead` keeps those that were named. */
export function datedPlan(text: string, { isToRead = false } = {}): DatedReleasePlan {
  const time = new Date().toISOString()
  const { plan, leftOut } = supportedPlan(JSON.parse(text) as ReleasePlan, time.slice(0, 10), isToRead)
  for (const line of leftOut) console.warn(line)
  return datePlan(plan, time)
}

/** The farm and the registry that a release works with. */
export async function openRegistryContext({ plan, password, local, cosign, ...guest }: ReleaseInputs): Promise<RegistryContext> {
  const { repository, commit, username, mirror } = plan
  const farm = await openStocked({ ...guestOf(guest), mirror }, false, cosign)
  const registry = await openRegistry(farm, { repository, username, password, service: local })
  return { farm, registry, commit, plan }
}

/** What the verbs of a release work with; throws if there is no key for it, or if an image that it takes has no digest. */
export const openFor = {
  /** All that builds, signs and publishes. */
  building: (inputs: ReleaseInputs): Promise<ReleaseContext> =>
    openSigning(inputs, (farm) => [...basesOf(farm, inputs.plan), ...toolsOf(farm, inputs, ["cosign", "syft", "grype"])]),
  /** All that judges, signs and tags what is built. */
  signing: (inputs: ReleaseInputs): Promise<ReleaseContext> => openSigning(inputs, (farm) => toolsOf(farm, inputs, ["cosign", "grype"])),
  /** All that checks signatures, with whatever images there are. */
  verifying: (inputs: ReleaseInputs): Promise<ReleaseContext> => openContext(inputs, false, () => []),
}

/** Throws if it isn't that version or commit which is signed as well. */
async function openSigning(inputs: ReleaseInputs, used: (farm: Farm) => Base[]): Promise<ReleaseContext> {
  if (inputs.plan.version !== undefined) assertVersion(inputs.plan.ref, inputs.plan.version)
  const context = await openContext(inputs, true, used)
  if (context.signer.workflow) assertRunsOn(context.signer.workflow, context)
  return context
}

async function openContext(inputs: ReleaseInputs, isToSign: boolean, used: (farm: Farm) => Base[]): Promise<ReleaseContext> {
  const { ref, time, asOf, created, unpinned = false } = inputs.plan
  const context = await openRegistryContext(inputs)
  if (!unpinned) assertPinned(used(context.farm))
  const signer = await openSigner(context.registry, () => trustTool(context.farm, "cosign", inputs), inputs, isToSign)
  const today = time.slice(0, 10)
  return {
    ...context,
    signer,
    tools: inputs,
    zstd: inputs.zstd ?? false,
    ref: fullRef(ref),
    created,
    unpinned,
    time,
    today,
    asOf,
    fill: isToSign && context.farm.store ? filling(context.farm, inputs, { ref: fullRef(ref), commit: context.commit }) : undefined,
    judge: (what, ...documents) => judge(context.farm, what, documents, today, inputs),
  }
}

/** What fills the store of a release's caller. It is no failure of the release if that isn't to be, and is told. */
function filling(farm: Farm, inputs: ReleaseInputs, made: { ref: string; commit: string }): (plan: Plan) => Promise<void> {
  const cosign = () => trustTool(farm, "cosign", inputs)
  const opened = async () => {
    const store = await openStore(farm, inputs, inputs.cosign)
    return { store, signer: await openSigner(store.registry, cosign, inputs, true) }
  }
  let once: ReturnType<typeof opened> | undefined
  return async (plan) => {
    try {
      once ??= opened()
      const { store, signer } = await once
      for (const line of await push(store, [plan], { signer, ...made })) console.log(`▸ ${line}`)
    } catch (cause) {
      console.warn(`the store wasn't filled: ${failureReason(cause)}; the release goes on without`)
    }
  }
}
