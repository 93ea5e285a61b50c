import { randomUUID } from "node:crypto"
import { type Container, ReturnType } from "@dagger.io/dagger"
import pLimit from "p-limit"
import type { Cell } from "../../core/catalog/matrix.ts"
import { complaint, whyFailed } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { REVISION } from "../../core/plan/labels.ts"
import { plan } from "../../core/plan/plan.ts"
import { manifests, platformOf } from "../../core/registry/oci.ts"
import { isFixed, type Publication } from "../../core/release/targets.ts"
import type { Farm } from "../farm.ts"
import { config, manifest, pull } from "../registry/registry.ts"
import type { Opened } from "./context.ts"

/** Images at once: each is pulled whole. */
const AT_ONCE = 2

/**
 * The cells of the publications that would be another image if they were built now: a tag that isn't there, one built from another commit,
 * and one whose image has packages that the archives have newer. What can't be asked is among them, as who builds it is told why. A
 * release that is there stays as it is, so the archives aren't asked about it.
 */
export async function concerned(train: Opened, all: Publication[]): Promise<Cell[]> {
  const limit = pLimit(AT_ONCE)
  const found = all.map((one) =>
    limit(async () => {
      const why = await reason(train, one)
      console.warn(`${one.repository}:${one.tag} ${why ?? "is as the archives are"}`)
      const { distro, profile, init } = one
      return why ? one.platforms.map((platform) => ({ distro, profile, init, platform })) : []
    }),
  )
  return (await Promise.all(found)).flat()
}

async function reason({ farm, registry, commit }: Opened, one: Publication): Promise<string | undefined> {
  const { repository, tag } = one
  const text = await manifest(registry, repository, tag)
  if (text === undefined) return "is not there yet"
  // Packages are the same for all platforms, and one that is emulated takes minutes.
  const platform = one.platforms[0] as string
  const digest = manifests(tag, text).find((found) => platformOf(found) === platform)?.digest
  if (!digest) return `has no image for ${platform}`
  const revision = (await config(registry, repository, digest)).config.Labels?.[REVISION]
  if (revision !== commit) return `was built from ${revision?.slice(0, 12) ?? "no commit that it tells"}`
  if (isFixed(one)) return undefined
  try {
    const newer = await outdated(farm, one, await pull(registry, repository, digest, platform), platform)
    return newer.length ? `has ${newer.length} packages that the archives have newer: ${newer.join(", ")}` : undefined
  } catch (cause) {
    return `could not be asked about: ${whyFailed(cause)}`
  }
}

/** The packages of an image that its own archives have newer, as they are at this moment. */
async function outdated(farm: Farm, { distro, profile, init }: Publication, image: Container, platform: string): Promise<string[]> {
  const { archives, packageManager: manager, settings } = plan(farm.catalog, farm, { distro, profile, init, platform })
  // What the package manager was told while it installed may have been left out of the image.
  const told = [...archives.folders, ...settings].reduce((container, path) => container.withDirectory("/", farm.folder(path)), image)
  const ready = Object.entries({ ...manager.environment, HELIOS_RUN: randomUUID() }).reduce(
    (container, [name, value]) => container.withEnvVariable(name, value),
    told.withUser("root"),
  )
  const fresh = [...manager.prepare, manager.refresh].reduce((container, command) => container.withExec(command), ready)
  const asked = fresh.withExec(manager.outdated, { expect: ReturnType.Any })
  const [exitCode, stdout, stderr] = await Promise.all([asked.exitCode(), asked.stdout(), asked.stderr()])
  const lines = stdout.split("\n").filter((line) => line.trim())
  // One package manager ends so where nothing is newer, and then says nothing.
  const isNothing = exitCode === 1 && !lines.length && !stderr.trim()
  if (exitCode !== 0 && !isNothing) throw new FarmError(complaint(stderr) || `exit code ${exitCode} of ${manager.outdated.join(" ")}`)
  return lines.map((line) => line.split(/[/ ]/)[0] as string)
}
