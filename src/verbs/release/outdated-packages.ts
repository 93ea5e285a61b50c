import { randomUUID } from "node:crypto"
import { ReturnType } from "@dagger.io/dagger"
import { errorLine } from "../../core/error-line.ts"
import { FarmError } from "../../core/errors.ts"
import { plan } from "../../core/plan/plan.ts"
import type { ReleaseTarget } from "../../core/release/targets.ts"
import type { RegistryContext } from "./context.ts"
import type { Outdated } from "./stale.ts"

/** What asks the archives whether a published image has outdated packages, as a release does. */
export function outdatedIn(context: RegistryContext): Outdated {
  return (...one) => outdatedPackages(context, ...one)
}

/** The packages of a published image that its own archives have newer, as they are at this moment. */
async function outdatedPackages(
  { farm, registry }: RegistryContext,
  one: ReleaseTarget,
  digest: string,
  platform: string,
): Promise<string[]> {
  const { distro, profile, init } = one
  const image = await registry.pull(one.repository, digest, platform)
  const { archives, packageManager: manager, settings } = plan(farm.catalog, farm, { distro, profile, init, platform })
  // What the package manager was told while it installed may have been left out of the image.
  const told = [...archives.folders, ...settings].reduce((container, path) => container.withDirectory("/", farm.folder(path)), image)
  const ready = Object.entries({ ...manager.environment, HELIOS_RUN: randomUUID() }).reduce(
    (container, [name, value]) => container.withEnvVariable(name, value),
    told.withUser("root"),
  )
  const fresh = [...manager.setup, manager.refresh].reduce((container, command) => container.withExec(command), ready)
  const asked = fresh.withExec(manager.outdated, { expect: ReturnType.Any })
  const [exitCode, stdout, stderr] = await Promise.all([asked.exitCode(), asked.stdout(), asked.stderr()])
  const lines = stdout.split("\n").filter((line) => line.trim())
  // One package manager ends so if nothing is newer, without any output.
  const isNothing = exitCode === 1 && !lines.length && !stderr.trim()
  if (exitCode !== 0 && !isNothing) throw new FarmError(errorLine(stderr) || `exit code ${exitCode} of ${manager.outdated.join(" ")}`)
  return lines.map((line) => line.split(/[/ ]/)[0] as string)
}
