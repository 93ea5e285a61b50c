import type { Container, Directory, File } from "@dagger.io/dagger"
import { compilerName, slug } from "../../core/plan/compiler.ts"
import { COMPONENTS, type Component, type ComponentName, type Ground } from "../../core/plan/components.ts"
import type { Library } from "../../core/plan/parts.ts"
import type { Plan } from "../../core/plan/plan.ts"
import type { Source } from "../../core/sources/lock.ts"
import { applyPatches } from "../../stages/apply-patches.ts"
import { kasmvnc } from "../../stages/kasmvnc.ts"
import { libjpegTurbo } from "../../stages/libjpeg-turbo.ts"
import type { Installation } from "../../stages/packages.ts"
import { toolchain } from "../../stages/toolchain.ts"
import type { Farm } from "../farm.ts"
import { fetchSource } from "../sources/fetch.ts"
import { tool, toolInstallation } from "../toolbox.ts"
import { installationOf, installPackages, volumesOf, type Wanted } from "./install.ts"

/** What packages a ground is of, by the plan. */
function wantedOf(farm: Farm, plan: Plan): Record<"toolchain" | "base", Wanted> {
  const { base, archives, distro } = plan
  const tools = plan.toolchain as NonNullable<Plan["toolchain"]>
  return {
    toolchain: { ...tools, name: `${slug(tools.base.image)}-toolchain`, volumes: `toolchain_${compilerName(plan)}` },
    base: { base, archives, name: distro, volumes: volumesOf(farm, plan), packages: tools.nodePackages },
  }
}

/** How the packages are foretold that what isn't a component gets. */
export function foretold(farm: Farm, plan: Plan, name: Ground): Promise<Installation> {
  if (name === "tools:web") return toolInstallation(farm, "web")
  if (name === "tools:s6") return toolInstallation(farm, "s6", plan.platform)
  const wanted = wantedOf(farm, plan)[name]
  // The image's own packages are installed meanwhile, by the volumes of its base, and would wait.
  const volumes = name === "base" ? `foretold_${wanted.volumes}` : wanted.volumes
  return installationOf(farm, plan, { ...wanted, volumes })
}

/** What components are built on: one of them, or a container that isn't. */
export async function groundOf(farm: Farm, plan: Plan, name: Ground | Library): Promise<Container> {
  const wanted = wantedOf(farm, plan)
  const { script, tree, patched, on } = madeFrom(farm, plan)
  const grounds: Record<Ground | Library, () => Promise<Container>> = {
    toolchain: async () => toolchain(plan, await installPackages(farm, plan, wanted.toolchain), farm.compilerCache),
    base: () => installPackages(farm, plan, wanted.base),
    "tools:web": () => tool(farm, "web"),
    "tools:s6": () => tool(farm, "s6", plan.platform),
    async "libjpeg-turbo"() {
      const { toolchain } = await on("libjpeg-turbo")
      return libjpegTurbo(toolchain, await tree("libjpeg-turbo"), script("libjpeg-turbo"))
    },
    async kasmvnc() {
      const { "libjpeg-turbo": libraries } = await on("kasmvnc")
      return kasmvnc(libraries, await patched("kasmvnc", await tree("kasmvnc")), script("kasmvnc"), plan.toolchain?.sanitize)
    },
  }
  return grounds[name]()
}

/** What a component of a plan is made from: scripts, sources, patched sources, npm's locks, and what its row of the table says it is built on. */
export function madeFrom(farm: Farm, plan: Plan) {
  return {
    script: (name: string): File => farm.folder("common/build/scripts").file(`${name}.sh`),
    tree: (name: ComponentName) => fetchSource(farm, componentOf(plan, name).sources[name] as Source),
    lock: (name: string) => farm.folder(`common/build/locks/${name}`),
    async on<Name extends ComponentName>(name: Name): Promise<Record<(typeof COMPONENTS)[Name]["on"][number], Container>> {
      const grounds = COMPONENTS[name].on.map(async (ground) => [ground, await groundOf(farm, plan, ground)])
      return Object.fromEntries(await Promise.all(grounds))
    },
    async patched(name: ComponentName, before: Directory, shipped?: Directory) {
      const { patches, history } = componentOf(plan, name)
      return applyPatches(before, patches, {
        toolbox: await tool(farm, "git"),
        program: farm.folder("common/build/scripts").file("apply-patches"),
        own: farm.folder(`common/build/patches/${name === "xorg" ? `xorg-${plan.xorg}` : name}`).filter({ include: ["*.patch"] }),
        history: history && patches.some((patch) => "commit" in patch) ? await fetchSource(farm, history, "history") : undefined,
        shipped,
      })
    },
  }
}

/** A plan's component of that name. */
export const componentOf = (plan: Plan, name: string) => plan.components.find((component) => component.name === name) as Component

/** Its sources, each by its name. */
export async function trees(farm: Farm, { sources }: Component): Promise<Record<string, Directory>> {
  const all = Object.entries(sources).map(async ([name, wanted]) => [name, await fetchSource(farm, wanted)] as const)
  return Object.fromEntries(await Promise.all(all))
}
