import { FarmError } from "../../core/errors.ts"
import { plan } from "../../core/plan/plan.ts"
import { manifests } from "../../core/registry/oci.ts"
import type { ReleaseTarget } from "../../core/release/targets.ts"
import type { TestedImage } from "../../core/release/tested.ts"
import { isPassed, summary } from "../../core/smoke/results.ts"
import { attestAndSign, makeAttestations } from "../attest/attest.ts"
import { build } from "../build/build.ts"
import { toOciLayout } from "../registry/layout.ts"
import { selectPromises, smoke } from "../smoke/smoke.ts"
import { step } from "../step.ts"
import type { ReleaseContext } from "./context.ts"
import type { PushAndTest } from "./publish.ts"

/** What builds, pushes and tests an image as a release does. */
export function testerIn(context: ReleaseContext): PushAndTest {
  return (...one) => pushAndTest(context, ...one)
}

/** One platform's image: uploaded and proven by digest, unless the tag names that very digest and so it was proven before. */
async function pushAndTest(context: ReleaseContext, one: ReleaseTarget, platform: string, before?: string): Promise<TestedImage> {
  const { farm, registry, commit, created, today, asOf, zstd } = context
  const clock = stopwatch()
  const started = new Date().toISOString()
  const { repository, tag } = one
  const wanted = plan(farm.catalog, farm, { distro: one.distro, profile: one.profile, init: one.init, platform, today, asOf })
  const name = `${repository}:${tag} for ${platform}`
  const image = await build(farm, wanted, { commit, created })
  const { layout, mediaType, digest, size } = await step(`${name}: build`, () => toOciLayout(farm, image, zstd))
  const result = { repository, tag, platform, mediaType, digest, size }
  if (before !== undefined && manifests(tag, before).some((one) => one.digest === digest)) return result
  const built = { plan: wanted, name, layout, digest, started }
  const made = clock()
  const told = await step(`${name}: scan`, () => makeAttestations(context, built))
  clock()
  await step(`${name}: push`, () => registry.pushImage(repository, digest, layout))
  const upload = clock()
  const tested = await smoke(farm, wanted, await registry.pull(repository, digest, platform), selectPromises(wanted, []))
  if (!isPassed(tested.results)) throw new FarmError(`${built.name}: a promise was not kept\n${summary(tested.results)}`)
  const seconds = { build: made, upload, smoke: clock() }
  await step(`${name}: sign`, () => attestAndSign(context, built, told, tested, seconds))
  await context.fill?.(wanted)
  return result
}

/** Tells the seconds since it was last asked. */
function stopwatch(): () => number {
  let last = Date.now()
  return () => {
    const seconds = (Date.now() - last) / 1000
    last += seconds * 1000
    return seconds
  }
}
