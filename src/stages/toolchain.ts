import { type Container, dag } from "@dagger.io/dagger"
import type { Plan } from "../core/plan/plan.ts"

/** An installation of build dependencies with its flags and a compiler cache, which distros of a family share. */
export function toolchain(plan: Plan, installed: Container): Container {
  const { environment } = plan.toolchain as NonNullable<Plan["toolchain"]>
  const cache = dag.cacheVolume(`helios-ccache-${plan.family}-${plan.platform.replace("/", "-")}`)
  const container = installed.withMountedCache("/ccache", cache).withEnvVariable("CCACHE_DIR", "/ccache")
  return Object.entries(environment).reduce((before, [name, value]) => before.withEnvVariable(name, value), container)
}
