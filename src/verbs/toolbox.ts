import { type Container, dag, type File, ReturnType } from "@dagger.io/dagger"
import type { Family } from "../core/catalog/family.ts"
import { Profile } from "../core/catalog/profiles.ts"
import { errorLine } from "../core/error-line.ts"
import { FarmError } from "../core/errors.ts"
import type { Plan } from "../core/plan/plan.ts"
import { Browser } from "../core/smoke/browser.ts"
import type { Base } from "../core/sources/bases.ts"
import { baseOf } from "../core/sources/lock.ts"
import { tools } from "../core/sources/tools.ts"
import { lab } from "../stages/lab.ts"
import { type Installation, packages } from "../stages/packages.ts"
import { toolbox } from "../stages/tools.ts"
import { type Farm, farmText } from "./farm.ts"
import { pull } from "./pull.ts"

/** The farm's own tools for a purpose or several, on the engine's own platform or another. */
export async function tool(farm: Farm, purpose: string | string[], platform?: string): Promise<Container> {
  return packages(await toolInstallation(farm, purpose, platform))
}

/** How those are installed. */
export async function toolInstallation(farm: Farm, purpose: string | string[], platform?: string): Promise<Installation> {
  const wanted = tools(farmText("common/tools.json"))
  const { packageManager } = farm.catalog.families.get(wanted.family) as Family
  const base = baseOf(farm.lock, wanted.base)
  const on = platform ?? (await dag.defaultPlatform())
  await pull("the farm's own tools: no registry gave their base image", base, on)
  const settings = ["archives", "settings"].map((name) => farm.folder(`distros/_families/${wanted.family}/${name}`))
  const reproducible = farm.folder("common/build/scripts").file("reproducible")
  return toolbox(wanted, [purpose].flat(), {
    platform: on,
    base,
    packageManager,
    places: farm.places.archives,
    settings,
    reproducible,
  })
}

/** The lab without an image, with a browser where a plan's image has a page. */
export async function emptyLab(farm: Farm, plan: Plan, browser = Browser.Chromium): Promise<Container> {
  const browses = hasPage(plan)
  return lab(await tool(farm, browses ? ["smoke", "browser", browser] : "smoke"), farm.folder("common/smoke"), browses, farm.places)
}

/** Whether a plan's image has a page that browsers show. */
export const hasPage = ({ profile }: Plan): boolean => profile === Profile.Helios

/** A caller's own tools to sign, list and scan, in place of the published ones. */
export interface TrustTools {
  cosign?: Container
  syft?: Container
  grype?: Container
  /** A database of grype's, if it can't fetch one. */
  database?: File
  /** Exceptions from the scan's gate in place of the farm's own. */
  exceptions?: File
}

/** One of those tools: the caller's, or the published one that common/tools.json names, by its digest if the lock has it. */
export async function trustTool({ lock }: Farm, name: "cosign" | "syft" | "grype", { [name]: given }: TrustTools): Promise<Container> {
  if (given) return given
  const image = baseOf(lock, tools(farmText("common/tools.json")).images[name])
  return pull(`with-tools --${name} isn't given: no registry gave its image`, image, await dag.defaultPlatform())
}

/** The images that those of some names are, and that all of the farm's own tools stand on; none for one that the caller gives. */
export function toolsOf({ lock }: Farm, given: TrustTools, names: ("cosign" | "syft" | "grype")[]): Base[] {
  const { base, images } = tools(farmText("common/tools.json"))
  return [base, ...names.filter((name) => !given[name]).map((name) => images[name])].map((image) => baseOf(lock, image))
}

/** Runs a tool that is an image of its own: the container after it. Throws one line, begun by `what`, if it fails. */
export async function runTool(tool: Container, what: string, args: string[]): Promise<Container> {
  const ran = tool.withExec(args, { useEntrypoint: true, expect: ReturnType.Any })
  if ((await ran.exitCode()) === 0) return ran
  throw new FarmError(`${what}: ${errorLine((await ran.stderr()).replace(/^\[\d+\]\s+ERROR\s+/gm, "Error: "))}`)
}
