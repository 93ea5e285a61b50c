import { expect } from "vitest"
import { PREDICATES, SCAN, scanPredicate, TESTS, testPredicate } from "../../../src/core/attest/predicates.ts"
import { PROVENANCE } from "../../../src/core/attest/provenance.ts"
import { annotationsOf } from "../../../src/core/attest/publication.ts"
import { SPDX } from "../../../src/core/attest/spdx.ts"
import { Init, Profile } from "../../../src/core/catalog/profiles.ts"
import { FarmError } from "../../../src/core/errors.ts"
import { LOCK, REVISION, VERSION } from "../../../src/core/plan/labels.ts"
import { digestOf, joined } from "../../../src/core/registry/oci.ts"
import { channelPrefix } from "../../../src/core/release/refs.ts"
import { datePlan, type ReleaseTarget } from "../../../src/core/release/targets.ts"
import type { TestedImage } from "../../../src/core/release/tested.ts"
import { type MemoryImage, MemoryRegistry, MemorySigner } from "./memory-registry.ts"

const MANIFEST = "application/vnd.oci.image.manifest.v1+json"
const PLATFORMS = ["linux/amd64", "linux/arm64"]

export const REPOSITORY = "helios"
export const COMMIT = "0123456789abcdef0123456789abcdef01234567"

/** The workflow that builds what a ref publishes. */
const WORKFLOW = (ref: string) => `https://github.com/helios-desktops/helios/.github/workflows/release.yml@${ref}`

/** A commit for each letter. */
export const commitOf = (letter: string) => COMMIT.replace("0", letter)

/** One index to publish: a distro's desktop under a channel or a version, such as unstable or v1.2.3, at a minute of a day. */
export function target(
  channel: string,
  { commit = COMMIT, minute = 0, distro = "bookworm", platforms = PLATFORMS, version = undefined as string | undefined } = {},
): ReleaseTarget {
  const ref = ["main", "testing"].find((branch) => channelPrefix(branch) === channel) ?? channel
  const one = {
    distro,
    profile: Profile.Helios,
    init: Init.S6,
    platforms,
    repository: REPOSITORY,
    image: distro,
    tag: `${channel}-${distro}`,
  }
  const time = `2026-11-25T00:${String(minute).padStart(2, "0")}:00Z`
  return datePlan({ ref, commit, version, repository: "registry.test/path", targets: [one] }, time).targets[0] as ReleaseTarget
}

/** The one outcome of a verb that was given one target. */
export const only = <T>(outcomes: T[]): T => {
  expect(outcomes).toHaveLength(1)
  return outcomes[0] as T
}

/** A registry in memory and who signs there, with what makes and breaks its images. */
export class Bench {
  readonly registry = new MemoryRegistry()
  readonly signer = new MemorySigner()
  /** The platforms whose tests fail. */
  readonly broken = new Set<string>()
  /** The platforms that were built and tested, in order. */
  readonly tested: string[] = []
  /** What blocks a release today in an image of whose SBOM that is part; nothing. */
  known = new Map<string, string>()
  /** What is scanned anew, in order. */
  readonly judged: string[] = []

  /** Scans an SBOM anew. */
  judge = async (what: string, bill: unknown): Promise<void> => {
    this.judged.push(what)
    const found = [...this.known].find(([part]) => JSON.stringify(bill).includes(part))
    if (found) throw new FarmError(`${what}: ${found[1]}`)
  }

  /** Builds, pushes, tests and signs an image, as a commit and its contents make it. */
  pushAndTest(commit = COMMIT, contents = "") {
    return async (one: ReleaseTarget, platform: string): Promise<TestedImage> => {
      const image = imageOf(one, platform, commit, contents)
      const digest = digestOf(image.manifest)
      this.tested.push(platform)
      await this.registry.pushImage(one.repository, digest, image as never)
      if (this.broken.has(platform)) throw new Error("a promise was not kept")
      await this.trust(one, platform, image)
      return { repository: one.repository, tag: one.tag, platform, mediaType: MANIFEST, digest, size: Buffer.byteLength(image.manifest) }
    }
  }

  /** Lets tags name an index of a commit's images as if it had been published under them: its digest. */
  async published(one: ReleaseTarget, commit = COMMIT, contents = "", tags = [one.tag, one.immutableTag]): Promise<string> {
    const proven = await Promise.all(one.platforms.map((platform) => this.pushAndTest(commit, contents)(one, platform)))
    const index = joined(new Map(proven.map((image) => [image.platform, image])))
    for (const tag of tags) await this.registry.pushIndex(one.repository, tag, index)
    await this.signer.sign(one.repository, digestOf(index), annotationsOf({ ...one, commit }))
    this.registry.writes.length = 0
    this.tested.length = 0
    return digestOf(index)
  }

  private async trust(one: ReleaseTarget, platform: string, { manifest, labels }: MemoryImage): Promise<void> {
    const digest = digestOf(manifest)
    const all = predicates(one, platform, digest, labels)
    for (const type of PREDICATES) await this.signer.attest(one.repository, digest, type, all[type] ?? "{}")
    await this.signer.sign(one.repository, digest)
  }
}

function imageOf(one: ReleaseTarget, platform: string, commit: string, contents: string): MemoryImage {
  const manifest = JSON.stringify({ mediaType: MANIFEST, layers: [], of: [one.distro, platform, commit, contents] })
  return { manifest, labels: { [REVISION]: commit, [LOCK]: "sha256:lock", [VERSION]: "1.2.3" } }
}

function predicates({ ref, distro, profile, init }: ReleaseTarget, platform: string, digest: string, labels: Record<string, string>) {
  const outcome = { promise: "web", status: "passed" as const, seconds: 2, checks: [], log: "" }
  const image = { name: "helios", SPDXID: "SPDXRef-Image", versionInfo: digest, primaryPackagePurpose: "CONTAINER" }
  const creationInfo = { creators: [], created: "then" }
  return {
    [SPDX]: JSON.stringify({ spdxVersion: "SPDX-2.3", creationInfo, packages: [image], relationships: [] }),
    [PROVENANCE]: JSON.stringify({
      buildDefinition: {
        externalParameters: { ref, distro, profile, init, platform },
        internalParameters: { lock: labels[LOCK] },
        resolvedDependencies: [{ uri: "git+https://farm", digest: { gitCommit: labels[REVISION] } }],
      },
      runDetails: { builder: { id: WORKFLOW(ref), version: { helios: labels[VERSION] } } },
    }),
    [SCAN]: scanPredicate(
      { scanner: { name: "grype", version: "0", db: {} }, counts: {}, patched: 0, unaffected: 0, excepted: [], blocking: [] },
      "2026-11-25T00:00:00Z",
    ),
    [TESTS]: testPredicate({ image: "it", size: 7, outcomes: [outcome] }, { build: 1, upload: 2, smoke: 3 }, ""),
  } as Record<string, string>
}
