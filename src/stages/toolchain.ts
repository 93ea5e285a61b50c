import { type Container, dag } from "@dagger.io/dagger"
import { compilerName } from "../core/plan/compiler.ts"
import type { Plan } from "../core/plan/plan.ts"

/** An installation of build dependencies with its flags, and a compiler cache, unless all is to be compiled anew. */
export function toolchain(plan: Plan, installed: Container, isCached: boolean): Container {
  const { environment } = plan.toolchain as NonNullable<Plan["toolchain"]>
  const cached = () => {
    const cache = dag.cacheVolume(`helios-ccache-${compilerName(plan)}-${plan.platform.replace("/", "-")}`)
    return installed.withMountedCache("/ccache", cache).withEnvVariable("CCACHE_DIR", "/ccache")
  }
  const container = isCached ? cached() : installed.withEnvVariable("CCACHE_DISABLE", "1")
  return Object.entries(environment).reduce((before, [name, value]) => before.withEnvVariable(name, value), container)
}
