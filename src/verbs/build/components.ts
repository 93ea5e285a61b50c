import { type Container, type Directory, dag, type File } from "@dagger.io/dagger"
import type { Component } from "../../core/plan/components.ts"
import type { Plan } from "../../core/plan/plan.ts"
import type { Source } from "../../core/sources/lock.ts"
import { applyPatches } from "../../stages/apply-patches.ts"
import { kasmvnc } from "../../stages/kasmvnc.ts"
import { kclient, kclientNative } from "../../stages/kclient.ts"
import { libjpegTurbo } from "../../stages/libjpeg-turbo.ts"
import { licences } from "../../stages/licences.ts"
import { novnc } from "../../stages/novnc.ts"
import { s6 } from "../../stages/s6.ts"
import { toolchain } from "../../stages/toolchain.ts"
import { virtualgl } from "../../stages/virtualgl.ts"
import { xorg } from "../../stages/xorg.ts"
import type { Farm } from "../farm.ts"
import { fetchSource } from "../sources/fetch.ts"
import { tool } from "../toolbox.ts"
import { installPackages } from "./install.ts"

type Build = () => Promise<Directory[]>

const whole =
  (build: () => Promise<Directory>): Build =>
  async () => [await build()]

/**
 * What each component adds to an image, built when it is asked for, in the order of layers: what changes least comes first. What depends on
 * the distro is apart from what doesn't, so that images of several distros share the latter.
 */
export function components(farm: Farm, plan: Plan): Map<string, Build> {
  const { toolchain: tools } = plan
  if (!tools) return new Map()
  const script = (name: string) => scriptOf(farm, name)
  const lock = (name: string) => farm.folder(`common/build/locks/${name}`)
  const upstream = (name: string) => upstreamOf(plan, name)
  const tree = (name: string) => treeOf(farm, plan, name)

  const changed = async (name: string, folder: string, before: Directory, shipped?: Directory) => {
    const { patches, history: later } = upstream(name)
    return applyPatches(before, patches, {
      toolbox: await tool(farm, "git"),
      program: farm.folder("common/build/scripts").file("apply-patches"),
      own: farm.folder(`common/build/patches/${folder}`),
      history: later && patches.some((patch) => "commit" in patch) ? await fetchSource(farm, later, "history") : undefined,
      shipped,
    })
  }

  const x = whole(async () => {
    const vnc = await tree("kasmvnc")
    const patchedVnc = await changed("kasmvnc", "kasmvnc", vnc)
    const built = kasmvnc(await turbo(farm, plan), patchedVnc, script("kasmvnc"), tools.sanitize)
    const server = patchedVnc.directory("unix/xserver").withDirectory("/", await tree("xorg"))
    return xorg(built, await changed("xorg", `xorg-${plan.xorg}`, server, vnc), tools.flags, script("xorg"))
  })

  const page = async () => {
    const web = await tool(farm, "web")
    const { files, modules } = kclient(web, await changed("kclient", "kclient", await tree("kclient")), lock("kclient"), script("kclient"))
    const distro = await installPackages(farm, plan, { ...plan, name: plan.distro, packages: tools.nodePackages })
    return [files, kclientNative(distro, modules, script("kclient-native"))]
  }

  return new Map<string, Build>([
    ["s6", whole(async () => s6(await tool(farm, "s6", plan.platform), await trees(farm, upstream("s6")), script("s6")))],
    ["virtualgl", whole(async () => virtualgl(await turbo(farm, plan), await tree("virtualgl"), script("virtualgl")))],
    ["xorg", x],
    [
      "novnc",
      whole(async () =>
        novnc(await tool(farm, "web"), await changed("novnc", "novnc", await tree("novnc")), lock("novnc"), script("novnc")),
      ),
    ],
    ["kclient", page],
    ["licences", whole(() => texts(farm, plan))],
  ])
}

/** What the components in C are built with: the family's toolchain and libjpeg-turbo. */
export async function turbo(farm: Farm, plan: Plan): Promise<Container> {
  const tools = plan.toolchain as NonNullable<Plan["toolchain"]>
  const installed = await installPackages(farm, plan, { ...tools, name: `${tools.base.image.replace(/[^a-z0-9.]+/g, "-")}-toolchain` })
  return libjpegTurbo(toolchain(plan, installed), await treeOf(farm, plan, "libjpeg-turbo"), scriptOf(farm, "libjpeg-turbo"))
}

const scriptOf = (farm: Farm, name: string): File => farm.folder("common/build/scripts").file(`${name}.sh`)

const upstreamOf = (plan: Plan, name: string) => plan.components.find((component) => component.name === name) as Component

const treeOf = (farm: Farm, plan: Plan, name: string) => fetchSource(farm, upstreamOf(plan, name).sources[name] as Source)

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
