import type { Container } from "@dagger.io/dagger"
import type { Plan } from "../core/plan/plan.ts"

/**
 * A root file system as an image, with what a container runtime reads: entrypoint, environment and labels; and root as its user, for which
 * podman takes its own user's number where an image names none and numbers are kept.
 */
export function configure(plan: Plan, container: Container, labels: Record<string, string>): Container {
  const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  let configured = container.withEntrypoint(plan.entrypoint).withoutDefaultArgs().withWorkdir("/").withUser("0")
  for (const [name, value] of Object.entries({ PATH, ...plan.environment })) configured = configured.withEnvVariable(name, value)
  for (const port of plan.ports) configured = configured.withExposedPort(port)
  for (const [name, value] of Object.entries({ ...plan.labels, ...labels }).sort()) configured = configured.withLabel(name, value)
  return configured
}
