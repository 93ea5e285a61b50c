import { randomUUID } from "node:crypto"
import type { Container } from "@dagger.io/dagger"
import pLimit from "p-limit"
import { type Cell, cellOf } from "../../core/catalog/matrix.ts"
import { failureReason } from "../../core/error-line.ts"
import { REVISION } from "../../core/plan/labels.ts"
import { type Plan, plan } from "../../core/plan/plan.ts"
import { manifests, platformOf } from "../../core/registry/oci.ts"
import { isReleaseTarget, type ReleaseTarget } from "../../core/release/targets.ts"
import { moved } from "../../stages/packages.ts"
import type { Farm } from "../farm.ts"
import type { Registry } from "../registry/registry.ts"
import type { RegistryContext } from "./context.ts"

/** Images at once: each is pulled whole. */
const AT_ONCE = 2

/** What an upgrade of a published image would install on a platform; `digests` has the image of each. */
export type Outdated = (one: ReleaseTarget, digests: Map<string, string>, platform: string) => Promise<string[]>

/**
 * The images that need rebuilding, as cells of the matrix: a tag that doesn't exist, one built from another commit, one with outdated
 * packages, and one that can't be checked, as its build will say why. A release never changes, so its packages aren't checked.
 */
export async function stale(
  { farm, registry, commit }: { farm: Pick<Farm, "catalog">; registry: Registry; commit: string },
  all: ReleaseTarget[],
  outdated: Outdated,
): Promise<Cell[]> {
  const limit = pLimit(AT_ONCE)
  const found = all.map((one) =>
    limit(async () => {
      const why = await reason(registry, commit, one, outdated)
      console.warn(`${one.repository}:${one.tag} ${why ?? "is up to date"}`)
      const { distro, profile, init } = one
      return why ? one.platforms.map((platform) => cellOf(farm.catalog, { distro, profile, init, platform })) : []
    }),
  )
  return (await Promise.all(found)).flat()
}

async function reason(registry: Registry, commit: string, one: ReleaseTarget, outdated: Outdated): Promise<string | undefined> {
  const { repository, tag } = one
  const text = await registry.manifest(repository, tag)
  if (text === undefined) return "doesn't exist yet"
  const digests = new Map(manifests(tag, text).map((found) => [platformOf(found), found.digest]))
  const missing = one.platforms.find((platform) => !digests.has(platform))
  if (missing) return `has no image for ${missing}`
  const digest = digests.get(one.platforms[0] as string) as string
  const revision = (await registry.labels(repository, digest))[REVISION]
  if (revision !== commit) return `was built from ${revision?.slice(0, 12) ?? "an unknown commit"}`
  if (isReleaseTarget(one)) return undefined
  // Archives bring a fix to one platform earlier than to another.
  for (const platform of one.platforms) {
    const why = await outdatedOn(one, digests, platform, outdated)
    if (why) return why
  }
  return undefined
}

async function outdatedOn(one: ReleaseTarget, digests: Map<string, string>, platform: string, outdated: Outdated) {
  try {
    const newer = await outdated(one, digests, platform)
    return newer.length ? `has ${newer.length} packages on ${platform} that the archives have newer: ${newer.join(", ")}` : undefined
  } catch (cause) {
    return `could not be checked on ${platform}: ${failureReason(cause)}`
  }
}

/**
 * What asks the archives whether a published image has outdated packages. The package manager that asks is that of the image for the
 * engine's own platform, where it needs no emulation; what it is asked about is the state of another.
 */
export function outdatedIn({ farm, registry }: RegistryContext, own: string): Outdated {
  return async ({ repository, distro, profile, init }, digests, platform) => {
    const pull = (wanted: string) => registry.pull(repository, digests.get(wanted) as string, wanted)
    const [host, image] = await Promise.all([pull(digests.has(own) ? own : platform), pull(platform)])
    return outdatedPackages(farm, plan(farm.catalog, farm, { distro, profile, init, platform }), host, image)
  }
}

/** What an upgrade of an image would install, as its archives are at this moment. */
async function outdatedPackages(farm: Farm, wanted: Plan, host: Container, image: Container): Promise<string[]> {
  const { archives, packageManager: manager, platform, settings } = wanted
  const alike = manager.state.reduce((to, path) => to.withoutDirectory(path).withDirectory(path, image.directory(path)), host)
  // What the package manager was told while it installed may have been left out of the image.
  const told = [...archives.folders, ...settings].reduce((container, path) => container.withDirectory("/", farm.folder(path)), alike)
  const ready = Object.entries({ ...manager.environment, HELIOS_RUN: randomUUID() }).reduce(
    (container, [name, value]) => container.withEnvVariable(name, value),
    told.withUser("root"),
  )
  const commands = [
    ...moved({ packageManager: manager, snapshots: null, places: farm.places.archives }),
    ...manager.setup,
    [...manager.outdated, platform],
  ]
  const asked = commands.reduce((container, command) => container.withExec(command), ready)
  return (await asked.stdout()).split("\n").filter(Boolean)
}
