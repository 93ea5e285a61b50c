import { randomUUID } from "node:crypto"
import type { Container } from "@dagger.io/dagger"
import { type Plan, plan } from "../../core/plan/plan.ts"
import type { Farm } from "../farm.ts"
import type { RegistryContext } from "./context.ts"
import type { Outdated } from "./stale.ts"

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
  const asked = [...manager.setup, [...manager.outdated, platform]].reduce((container, command) => container.withExec(command), ready)
  return (await asked.stdout()).split("\n").filter(Boolean)
}
