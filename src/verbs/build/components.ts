import { type Container, type Directory, dag, type File } from "@dagger.io/dagger"
import { compilerName, slug } from "../../core/plan/compiler.ts"
import { COMPONENTS, type Component, type ComponentName, type Ground, LAYERS } from "../../core/plan/components.ts"
import type { Plan } from "../../core/plan/plan.ts"
import type { Source } from "../../core/sources/lock.ts"
import { applyPatches } from "../../stages/apply-patches.ts"
import { compiled } from "../../stages/compiled.ts"
import { kasmvnc } from "../../stages/kasmvnc.ts"
import { kclient, kclientNative } from "../../stages/kclient.ts"
import { libjpegTurbo } from "../../stages/libjpeg-turbo.ts"
import { licences } from "../../stages/licences.ts"
import { novnc } from "../../stages/novnc.ts"
import { s6 } from "../../stages/s6.ts"
import { toolchain } from "../../stages/toolchain.ts"
import { xorg } from "../../stages/xorg.ts"
import type { Farm } from "../farm.ts"
import { fetchSource } from "../sources/fetch.ts"
import { tool } from "../toolbox.ts"
import { installPackages, volumesOf } from "./install.ts"

type Build = () => Promise<Directory[]>

type Layer = (typeof LAYERS)[number]

/** The components that no image has a layer of, as others are built on them. */
type Library = Exclude<ComponentName, Layer>

/**
 * What each component adds to an image, built when it is asked for, in the order of layers: what changes least comes first. What depends on
 * the distro is apart from what doesn't, so that images of several distros share the latter. A component that isn't named here is what its
 * script compiles on the first thing that it is built on.
 */
export function components(farm: Farm, plan: Plan): Map<string, Build> {
  const { toolchain: tools } = plan
  if (!tools) return new Map()
  const { script, tree, patched, lock, on } = partsOf(farm, plan)
  const layers: Partial<Record<Layer, Build>> = {
    async s6() {
      const { "tools:s6": compiler } = await on("s6")
      const sources = Object.entries(await trees(farm, componentOf(plan, "s6")))
      const all = sources.reduce((folder, [name, source]) => folder.withDirectory(name, source), dag.directory())
      return [s6(compiler, await patched("s6", all), script("s6"))]
    },
    async xorg() {
      const { kasmvnc } = await on("xorg")
      const own = await tree("kasmvnc")
      const server = (await patched("kasmvnc", own)).directory("unix/xserver").withDirectory("/", await tree("xorg"))
      return [xorg(kasmvnc, await patched("xorg", server, own), tools.flags, script("xorg"))]
    },
    async novnc() {
      const { "tools:web": web } = await on("novnc")
      return [novnc(web, await patched("novnc", await tree("novnc")), lock("novnc"), script("novnc"), farm.places.npm)]
    },
    async kclient() {
      const { "tools:web": web, base } = await on("kclient")
      const { files, modules } = kclient(
        web,
        await patched("kclient", await tree("kclient")),
        lock("kclient"),
        script("kclient"),
        farm.places.npm,
      )
      return [files, kclientNative(base, modules, script("kclient-native"))]
    },
    licences: async () => [await texts(farm, plan)],
  }
  const byScript = (name: ComponentName): Build => {
    return async () => {
      const [ground] = Object.values(await on(name)) as [Container]
      return [compiled(ground, await tree(name), script(name))]
    }
  }
  return new Map(LAYERS.map((name) => [name, layers[name] ?? byScript(name as ComponentName)]))
}

/** What components are built on: one of them, or a container that isn't. */
export async function groundOf(farm: Farm, plan: Plan, name: Ground | Library): Promise<Container> {
  const tools = plan.toolchain as NonNullable<Plan["toolchain"]>
  const { script, tree, patched, on } = partsOf(farm, plan)
  const grounds: Record<Ground | Library, () => Promise<Container>> = {
    async toolchain() {
      const name = `${slug(tools.base.image)}-toolchain`
      const installed = await installPackages(farm, plan, { ...tools, name, volumes: `toolchain_${compilerName(plan)}` })
      return toolchain(plan, installed, farm.compilerCache)
    },
    base: () => installPackages(farm, plan, { ...plan, name: plan.distro, volumes: volumesOf(farm, plan), packages: tools.nodePackages }),
    "tools:web": () => tool(farm, "web"),
    "tools:s6": () => tool(farm, "s6", plan.platform),
    async "libjpeg-turbo"() {
      const { toolchain } = await on("libjpeg-turbo")
      return libjpegTurbo(toolchain, await tree("libjpeg-turbo"), script("libjpeg-turbo"))
    },
    async kasmvnc() {
      const { "libjpeg-turbo": libraries } = await on("kasmvnc")
      return kasmvnc(libraries, await patched("kasmvnc", await tree("kasmvnc")), script("kasmvnc"), tools.sanitize)
    },
  }
  return grounds[name]()
}

/** What a component of a plan is made from: scripts, sources, patched sources, npm's locks, and what its row of the table says it is built on. */
function partsOf(farm: Farm, plan: Plan) {
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

const componentOf = (plan: Plan, name: string) => plan.components.find((component) => component.name === name) as Component

async function trees(farm: Farm, { sources }: Component): Promise<Record<string, Directory>> {
  const all = Object.entries(sources).map(async ([name, wanted]) => [name, await fetchSource(farm, wanted)] as const)
  return Object.fromEntries(await Promise.all(all))
}

/** Every component's licence texts and the exact commits that it was built from. */
async function texts(farm: Farm, plan: Plan): Promise<Directory> {
  const upstreams = await Promise.all(plan.components.map(async (component) => Object.entries(await trees(farm, component))))
  return upstreams
    .flat()
    .reduce((folder, [name, tree]) => folder.withDirectory("/", licences(name, tree)), dag.directory())
    .withNewFile("usr/share/doc/helios/sources.json", `${JSON.stringify(plan.components, null, 2)}\n`)
}
