import type { Container, Directory } from "@dagger.io/dagger"
import { choices, FarmError } from "../../core/errors.ts"
import type { Plan } from "../../core/plan/plan.ts"
import { gateway } from "../../stages/gateway.ts"
import { rootfs, settled } from "../../stages/rootfs.ts"
import type { Farm } from "../farm.ts"
import { emptyLab, tool } from "../toolbox.ts"
import { components } from "./components.ts"
import { groundOf } from "./grounds.ts"
import { install } from "./install.ts"

type Stage = (farm: Farm, plan: Plan) => Container | Promise<Container>

const STAGES: Record<string, Stage> = {
  gateway: async (farm) => gateway(await tool(farm, "gateway"), farm.folder("common/gateway"), farm.places.npm),
  lab: emptyLab,
  packages: async (farm, plan) => (await install(farm, plan)).system,
  rootfs: async (farm, plan) => {
    const drop = farm.folder("common/build/scripts").file("drop-privileges")
    const box = await tool(farm, "rootfs")
    return rootfs(plan, settled(plan, (await install(farm, plan)).system, box, drop), [], box)
  },
}

const libjpegTurbo: Stage = (farm, plan) => groundOf(farm, plan, "libjpeg-turbo")

/** The files that one stage of a plan yields; throws with the stages' names when there is none of that name. */
export async function stageFiles(farm: Farm, plan: Plan, name: string): Promise<Directory> {
  const built = components(farm, plan)
  const upstream = built.get(name)
  if (upstream) return (await upstream()).reduce((files, part) => files.withDirectory("/", part))
  const stages: Record<string, Stage> = plan.toolchain ? { ...STAGES, "libjpeg-turbo": libjpegTurbo } : STAGES
  const stage = stages[name]
  if (!stage) throw new FarmError(`--name=${name}: no such stage; expected one of ${choices([...Object.keys(stages), ...built.keys()])}`)
  return (await stage(farm, plan)).rootfs()
}
