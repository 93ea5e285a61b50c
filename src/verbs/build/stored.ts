import { type Container, type Directory, dag, type Platform } from "@dagger.io/dagger"
import type { Family } from "../../core/catalog/family.ts"
import { simulated } from "../../core/image/package-list.ts"
import type { Ground } from "../../core/plan/components.ts"
import { groundsOf, type Installed, type Part, type Slice, sliceOf } from "../../core/plan/parts.ts"
import type { Plan } from "../../core/plan/plan.ts"
import { digestOf } from "../../core/registry/oci.ts"
import { baseOf } from "../../core/sources/lock.ts"
import { tools } from "../../core/sources/tools.ts"
import { simulations } from "../../stages/packages.ts"
import { type Farm, farmFiles, farmText } from "../farm.ts"
import { pullBase } from "./base.ts"
import { foretold, groundOf } from "./grounds.ts"

/** What of the farm's own files may decide a component, beside its plan. */
const DECIDING = ["src/stages", "common/build/scripts", "common/build/locks", "common/build/patches"]

/** How components are put together from those stages. */
const BUILDING = ["src/verbs/build/components.ts", "src/verbs/build/grounds.ts"]

/** A part of a plan's components as the store has it, or built where it has none. */
export async function fromStore(farm: Farm, plan: Plan, part: Part, build: () => Promise<Directory>): Promise<Directory> {
  if (!farm.store) return build()
  const slice = await sliceIn(farm, plan, part, simulatedIn)
  return (await farm.store.take(plan, slice)) ?? build()
}

/** Everything that decides a part of a plan's components; by default what it is built on is installed for that. Nothing is compiled. */
export async function sliceIn(farm: Farm, plan: Plan, part: Part, packagesIn: PackagesIn = listedIn): Promise<Slice> {
  const installed = groundsOf(part).map(async (ground) => [ground, await installedIn(farm, plan, ground, packagesIn)] as const)
  return sliceOf(plan, part, { files: digests(), installed: new Map(await Promise.all(installed)) })
}

/** Tells the packages of a ground, sorted, which stands on that base; the last argument prints them. */
type PackagesIn = (farm: Farm, plan: Plan, ground: Ground, base: Container, list: string[]) => Promise<string[]>

const listedIn: PackagesIn = async (farm, plan, ground, _, list) =>
  (await (await groundOf(farm, plan, ground)).withExec(list).stdout()).trim().split("\n").sort()

/**
 * The same without an installation, where the package manager can tell. An entry's key is of what was installed: if that was foretold
 * wrongly, no entry is found, and a build follows.
 */
const simulatedIn: PackagesIn = async (farm, plan, ground, base, list) => {
  const told = async () => {
    const asked = simulations(await foretold(farm, plan, ground))
    const printed = asked.map((container) => container.stdout())
    return asked.length ? simulated(await base.withExec(list).stdout(), await Promise.all(printed)) : undefined
  }
  return (await told().catch(() => undefined)) ?? listedIn(farm, plan, ground, base, list)
}

/** What is installed where something is built: the base by the digest that its registry tells, and the packages. */
async function installedIn(farm: Farm, plan: Plan, ground: Ground, packagesIn: PackagesIn): Promise<Installed> {
  const wanted = tools(farmText("common/tools.json"))
  const isTool = ground.startsWith("tools:")
  const { list } = isTool ? (farm.catalog.families.get(wanted.family) as Family).packageManager : plan.packageManager
  const base = isTool
    ? baseOf(farm.lock, wanted.base)
    : ground === "base"
      ? plan.base
      : (plan.toolchain as NonNullable<Plan["toolchain"]>).base
  // s6 is compiled for the image's platform, npm's packages are the same for all.
  const platform = ground === "tools:web" ? await dag.defaultPlatform() : plan.platform
  const pulled = await pullBase(farm, { ...plan, platform: platform as Platform }, base)
  const [packages, reference] = await Promise.all([packagesIn(farm, plan, ground, pulled, list), pulled.imageRef()])
  return { base: `${base.image}@${reference.split("@").at(-1)}`, packages }
}

let known: Map<string, string> | undefined

/** The digest of each of the farm's files that may decide a component, by its path. */
function digests(): Map<string, string> {
  const paths = [...DECIDING.flatMap((folder) => farmFiles(folder).map((path) => `${folder}/${path}`)), ...BUILDING]
  known ??= new Map(paths.map((path) => [path, digestOf(farmText(path))]))
  return known
}
