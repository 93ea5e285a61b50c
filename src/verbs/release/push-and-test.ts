import { FarmError } from "../../core/errors.ts"
import { plan } from "../../core/plan/plan.ts"
import { manifests } from "../../core/registry/oci.ts"
import type { Publication } from "../../core/release/targets.ts"
import type { Proven } from "../../core/release/tested.ts"
import { isPassed, summary } from "../../core/smoke/results.ts"
import { explain, vouch } from "../attest/attest.ts"
import { build } from "../build/build.ts"
import { packed } from "../registry/layout.ts"
import { chosen, smoke } from "../smoke/smoke.ts"
import type { Train } from "./context.ts"
import type { PushAndTest } from "./publish.ts"

/** Builds, pushes and tests images as a release does. */
export function testerIn(train: Train): PushAndTest {
  return (...one) => pushAndTest(train, ...one)
}

/** One platform's image: uploaded and proven by digest, unless the tag names that very digest and so it was proven before. */
async function pushAndTest(train: Train, one: Publication, platform: string, before?: string): Promise<Proven> {
  const { farm, registry, commit, today, asOf, zstd } = train
  const clock = stopwatch()
  const started = new Date().toISOString()
  const { repository, tag } = one
  const wanted = plan(farm.catalog, farm, { distro: one.distro, profile: one.profile, init: one.init, platform, today, asOf })
  const { layout, mediaType, digest, size } = await packed(farm, await build(farm, wanted, { commit }), zstd)
  const result = { repository, tag, platform, mediaType, digest, size }
  if (before !== undefined && manifests(tag, before).some((one) => one.digest === digest)) return result
  const built = { plan: wanted, name: `${repository}:${tag} for ${platform}`, layout, digest, started }
  const made = clock()
  const told = await explain(train, built)
  clock()
  await registry.pushImage(repository, digest, layout)
  const upload = clock()
  const tested = await smoke(farm, wanted, await registry.pull(repository, digest, platform), chosen(wanted, []))
  if (!isPassed(tested.results)) throw new FarmError(`${built.name}: a promise was not kept\n${summary(tested.results)}`)
  await vouch(train, built, told, tested, { build: made, upload, smoke: clock() })
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
