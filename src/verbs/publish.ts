import { availableParallelism } from "node:os"
import { type Container, type Directory, dag, ImageLayerCompression, ImageMediaTypes, type Platform } from "@dagger.io/dagger"
import pLimit from "p-limit"
import type { Publication } from "../core/channels.ts"
import { FarmError } from "../core/errors.ts"
import { type Descriptor, manifests } from "../core/oci.ts"
import { type Plan, plan } from "../core/plan.ts"
import { indexOf, type Proven } from "../core/proven.ts"
import type { Published } from "../core/published.ts"
import { isPassed, summary } from "../core/report.ts"
import { build } from "./build.ts"
import type { Farm } from "./farm.ts"
import { tool } from "./lab.ts"
import { each, forward, move } from "./move.ts"
import { manifest, push, type Registry } from "./registry.ts"
import { chosen, smoke } from "./smoke.ts"

/** Images at once: each smoke test by itself keeps some four cores busy. */
const AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 4))

/** What a release is made of. */
export interface Train {
  farm: Farm
  registry: Registry
  /** The farm's commit, for labels. */
  commit: string
  /** The day, and the archives' where that was asked for. */
  today: string
  asOf?: string
}

/**
 * Publishes each index whose platforms were all proven: built, uploaded by digest, pulled by that digest and smoke-tested, and only
 * then joined and tagged. One that fails leaves its tag where it was and doesn't stop the others.
 */
export async function publish(train: Train, all: Publication[]): Promise<Published[]> {
  const limit = pLimit(AT_ONCE)
  return each(all, async (one) => {
    const known = await present(train, one)
    const images = await settled(one.platforms.map((platform) => limit(() => proveOne(train, one, platform, known))))
    return move(train.registry, one, indexOf(one, images))
  })
}

/** Proves the images of one platform, from where they can be joined with those that another machine proved; throws when one isn't. */
export async function prove(train: Train, all: Publication[], platform: string): Promise<Proven[]> {
  const limit = pLimit(AT_ONCE)
  const wanted = all.filter(({ platforms }) => platforms.includes(platform))
  return settled(wanted.map((one) => limit(async () => proveOne(train, one, platform, await present(train, one)))))
}

/** Tags the indexes of images that were proven, wherever that was. */
export async function join(registry: Registry, all: Publication[], proven: Proven[]): Promise<Published[]> {
  return each(all, async (one) => {
    await forward(registry, one)
    return move(registry, one, indexOf(one, proven))
  })
}

/** All of them, or an error with every reason: a failure on one platform doesn't hide what another has to say. */
async function settled<T>(work: Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(work)
  const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [(outcome.reason as Error).message] : []))
  if (reasons.length) throw new FarmError(reasons.join("\n"))
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []))
}

/** The digests that a tag's index names already; throws where a release would go backwards. */
async function present({ registry }: Train, one: Publication): Promise<string[]> {
  await forward(registry, one)
  const text = await manifest(registry, one.repository, one.tag)
  return text === undefined ? [] : manifests(one.tag, text).map(({ digest }) => digest)
}

/** One platform's image: uploaded and proven by digest, unless the tag names that very digest and so it was proven before. */
async function proveOne(train: Train, one: Publication, platform: string, known: string[]): Promise<Proven> {
  const { farm, registry, commit, today, asOf } = train
  const { repository, tag } = one
  const wanted = plan(farm.catalog, farm, { distro: one.distro, profile: one.profile, init: one.init, platform, today, asOf })
  const layout = await unpacked(farm, await build(farm, wanted, { commit }))
  const [{ mediaType, digest, size }] = manifests("index.json", await layout.file("index.json").contents()) as [Descriptor]
  const result = { repository, tag, platform, mediaType, digest, size }
  if (known.includes(digest)) return result
  await push(registry, layout, repository, digest)
  const image = await pulled(registry, wanted, digest)
  const { results } = await smoke(farm, wanted, image, chosen(wanted, []))
  if (!isPassed(results)) throw new FarmError(`${repository}:${tag} for ${platform}: a promise was not kept\n${summary(results)}`)
  return result
}

async function unpacked(farm: Farm, image: Container): Promise<Directory> {
  // Named, as the engine takes what it has at hand otherwise, and then the digest depends on what was done before.
  const archive = image.asTarball({ mediaTypes: ImageMediaTypes.OcimediaTypes, forcedCompression: ImageLayerCompression.Gzip })
  return (await tool(farm, "registry"))
    .withMountedFile("/image.tar", archive)
    .withDirectory("/layout", dag.directory())
    .withExec(["tar", "--extract", "--file=/image.tar", "--directory=/layout"])
    .directory("/layout")
}

async function pulled(registry: Registry, { platform, repository }: Plan, digest: string): Promise<Container> {
  const { place, username, password } = registry
  const empty = dag.container({ platform: platform as Platform })
  const known = username && password ? empty.withRegistryAuth(place.host, username, password) : empty
  return known.from(`${registry.repository}/${repository}@${digest}`).sync()
}
