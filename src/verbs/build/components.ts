import { type Container, type Directory, dag } from "@dagger.io/dagger"
import type { ComponentName } from "../../core/plan/components.ts"
import { LAYERS } from "../../core/plan/components.ts"
import { PARTS, type Part } from "../../core/plan/parts.ts"
import type { Plan } from "../../core/plan/plan.ts"
import { compiled } from "../../stages/compiled.ts"
import { kclient, kclientNative } from "../../stages/kclient.ts"
import { licences } from "../../stages/licences.ts"
import { novnc } from "../../stages/novnc.ts"
import { s6 } from "../../stages/s6.ts"
import { xorg } from "../../stages/xorg.ts"
import type { Farm } from "../farm.ts"
import { componentOf, groundOf, madeFrom, trees } from "./grounds.ts"
import { fromStore } from "./stored.ts"

type Build = () => Promise<Directory>

/**
 * What each component adds to an image, taken from the farm's store where that has it, else built, when it is asked for, in the order of
 * layers: what changes least comes first. What depends on the distro is apart from what doesn't, so that images of several distros share the
 * latter.
 */
export function components(farm: Farm, plan: Plan): Map<string, () => Promise<Directory[]>> {
  const builds = parts(farm, plan)
  if (!builds) return new Map()
  return new Map(LAYERS.map((layer) => [layer, () => Promise.all(PARTS[layer].map((part) => fromStore(farm, plan, part, builds[part])))]))
}

/**
 * How each part of a layer is built, if the plan has such. One that isn't named here is what its script compiles on the first thing that it
 * is built on.
 */
export function parts(farm: Farm, plan: Plan): Record<Part, Build> | undefined {
  const { toolchain: tools } = plan
  if (!tools) return undefined
  const { script, tree, patched, lock, on } = madeFrom(farm, plan)
  const byScript = (name: ComponentName): Build => {
    return async () => {
      const [ground] = Object.values(await on(name)) as [Container]
      return compiled(ground, await tree(name), script(name))
    }
  }
  const client = async () => {
    const web = await groundOf(farm, plan, "tools:web")
    return kclient(web, await patched("kclient", await tree("kclient")), lock("kclient"), script("kclient"), farm.places.npm)
  }
  return {
    async s6() {
      const { "tools:s6": compiler } = await on("s6")
      const sources = Object.entries(await trees(farm, componentOf(plan, "s6")))
      const all = sources.reduce((folder, [name, source]) => folder.withDirectory(name, source), dag.directory())
      return s6(compiler, await patched("s6", all), script("s6"))
    },
    virtualgl: byScript("virtualgl"),
    async xorg() {
      const { kasmvnc } = await on("xorg")
      const own = await tree("kasmvnc")
      const server = (await patched("kasmvnc", own)).directory("unix/xserver").withDirectory("/", await tree("xorg"))
      return xorg(kasmvnc, await patched("xorg", server, own), tools.flags, script("xorg"))
    },
    async novnc() {
      const { "tools:web": web } = await on("novnc")
      return novnc(web, await patched("novnc", await tree("novnc")), lock("novnc"), script("novnc"), farm.places.npm)
    },
    kclient: async () => (await client()).files,
    "kclient-native": async () => kclientNative(await groundOf(farm, plan, "base"), (await client()).modules, script("kclient-native")),
    licences: () => texts(farm, plan),
  }
}

/** Every component's licence texts and the exact commits that it was built from. */
async function texts(farm: Farm, plan: Plan): Promise<Directory> {
  const upstreams = await Promise.all(plan.components.map(async (component) => Object.entries(await trees(farm, component))))
  return upstreams
    .flat()
    .reduce((folder, [name, tree]) => folder.withDirectory("/", licences(name, tree)), dag.directory())
    .withNewFile("usr/share/doc/helios/sources.json", `${JSON.stringify(plan.components, null, 2)}\n`)
}
