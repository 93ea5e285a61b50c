import pLimit from "p-limit"
import type { Attestations } from "../../core/attest/predicates.ts"
import { packagesOf, SPDX, spdxDocument } from "../../core/attest/spdx.ts"
import { imageFailure } from "../../core/error-line.ts"
import { type FileChanges, fileChanges, packageChanges } from "../../core/image/diff.ts"
import { compressedBytes, digestOf, manifests, platformOf } from "../../core/registry/oci.ts"
import { type DatedReleasePlan, immutableTags, isReleaseTarget, type ReleaseTarget, releaseTags } from "../../core/release/targets.ts"
import type { ReleaseReport, ReportedImage, ReportedIndex } from "../../core/report/model.ts"
import type { Farm } from "../farm.ts"
import { listFiles } from "../image/files.ts"
import { checkIndex, type VerifyContext } from "./verify.ts"

/** How many earlier indexes the report lists per tag. */
const HISTORY = 10

/** Images that are pulled take much room. */
const oneByOne = pLimit(1)

/** A platform's manifest in an index. */
interface Image {
  platform: string
  digest: string
  compressed: number
}

/** An index of a tag's past. */
interface Past {
  tag: string
  digest: string
  images: Image[]
}

/** The data of a release's report, all from the registry: what the tags name, its attestations, and what they named before. */
export async function collect(
  farm: Farm,
  context: VerifyContext,
  { ref, commit, repository, time, targets }: DatedReleasePlan,
): Promise<ReleaseReport> {
  const indexes = await Promise.all(targets.map((one) => indexOf(farm, context, repository, one)))
  return { ref, commit, repository, means: context.signer.means, created: time, indexes }
}

async function indexOf(farm: Farm, context: VerifyContext, where: string, one: ReleaseTarget): Promise<ReportedIndex> {
  const { repository, tag } = one
  const address = `${where}/${repository}:${tag}`
  const text = await context.registry.manifest(repository, tag)
  if (text === undefined) return { address, immutableTag: one.immutableTag, state: "absent", images: [], history: [] }
  const digest = digestOf(text)
  const all = await context.registry.tags(repository)
  const own = immutableTags(tag, all)
  const named = (isReleaseTarget(one) ? releaseTags(one, all) : own).slice(-HISTORY)
  const past = (await Promise.all(named.map((name) => pastOf(context, repository, name)))).filter((found) => found !== undefined)
  const before = past.filter((other) => other.digest !== digest).at(-1)
  const immutableTag =
    (isReleaseTarget(one) ? own : past.filter((other) => other.digest === digest).map((other) => other.tag)).at(-1) ?? one.immutableTag
  const history = past.map((other) => ({
    tag: other.tag,
    compressed: other.images.map(({ platform, compressed }) => ({ platform, bytes: compressed })),
  }))
  try {
    const told = await checkIndex(context, one, text)
    const now = past.find((other) => other.digest === digest)?.images ?? (await imagesOf(context, repository, tag, text))
    const images = now.map((image) => reported(farm, context, one, image, told.get(image.platform), before))
    return { address, immutableTag, state: "published", digest, images: await Promise.all(images), history }
  } catch (error) {
    return { address, immutableTag, state: "failed", digest, reason: imageFailure(address, error), images: [], history }
  }
}

async function reported(
  farm: Farm,
  context: VerifyContext,
  { repository }: ReleaseTarget,
  image: Image,
  told?: Attestations,
  past?: Past,
): Promise<ReportedImage> {
  const before = past?.images.find(({ platform }) => platform === image.platform)
  if (!told) return { ...image, before }
  const { tests, scan, packages } = told
  const promises = Object.entries(tests.seconds).map(([promise, seconds]) => ({ promise, seconds }))
  const { critical = 0, high = 0, medium = 0, low = 0 } = scan.counts
  const earlier = before && (await packagesAt(context, repository, before.digest))
  return {
    ...image,
    before,
    packages: earlier && packageChanges(earlier.join("\n"), packages.join("\n")),
    files: earlier && (await oneByOne(() => filesSince(farm, context, repository, image, before.digest))),
    scan: { critical, high, medium, low, excepted: scan.excepted },
    smoke: { passed: tests.passedTests.length, failed: 0, skipped: 0, seconds: tests.timings.smoke, promises },
    png: tests.desktop,
    seconds: tests.timings,
  }
}

/** What became of an earlier image's files. */
async function filesSince(farm: Farm, { registry }: VerifyContext, repository: string, now: Image, before: string): Promise<FileChanges> {
  const filesAt = async (digest: string) => listFiles(farm, await registry.pull(repository, digest, now.platform))
  return fileChanges(await filesAt(before), await filesAt(now.digest))
}

/** The packages of an earlier image, or undefined if it has no signed SBOM. */
async function packagesAt(context: VerifyContext, repository: string, digest: string): Promise<string[] | undefined> {
  const bill = await context.signer.attestations(repository, digest, SPDX).catch(() => [])
  const parsed = spdxDocument.safeParse(bill.at(-1))
  return parsed.success ? packagesOf(parsed.data) : undefined
}

async function pastOf(context: VerifyContext, repository: string, tag: string): Promise<Past | undefined> {
  const text = await context.registry.manifest(repository, tag)
  return text === undefined ? undefined : { tag, digest: digestOf(text), images: await imagesOf(context, repository, tag, text) }
}

async function imagesOf({ registry }: VerifyContext, repository: string, tag: string, index: string): Promise<Image[]> {
  const found = manifests(tag, index).map(async (one) => {
    const text = (await registry.manifest(repository, one.digest)) ?? "{}"
    return { platform: platformOf(one), digest: one.digest, compressed: compressedBytes(one.digest, text) }
  })
  return Promise.all(found)
}
