import { type Container, type Directory, dag } from "@dagger.io/dagger"
import { CREATED, type Origin, REVISION, VERSION } from "../../core/plan/labels.ts"
import type { Plan } from "../../core/plan/plan.ts"
import { configure } from "../../stages/image.ts"
import { rootfs, settled } from "../../stages/rootfs.ts"
import { type Farm, origin } from "../farm.ts"
import { tool } from "../toolbox.ts"
import { pullBase } from "./base.ts"
import { components } from "./components.ts"
import { install } from "./install.ts"

/** The default time in labels, so that equal inputs give equal images. */
export const EPOCH = "1970-01-01T00:00:00Z"

/** The image of a plan, built as far as it isn't cached. */
export async function build(farm: Farm, plan: Plan, origin: Origin): Promise<Container> {
  if (!plan.base.digest) {
    console.warn(
      `${plan.base.image} is not pinned: sources.lock.json has no digest for it, so whatever the registry has under that tag is the base.`,
    )
  }
  // Before anything is compiled for it.
  await pullBase(farm, plan, plan.base)
  const toolbox = await tool(farm, "rootfs")
  const overlays = plan.overlays.map((path) => farm.folder(path))
  // Asked for now and all at once: left to the root file system, each would wait for the one whose files lie below its own.
  const [[files, list], ...built] = await Promise.all([
    installed(farm, plan, toolbox),
    ...[...components(farm, plan).values()].map(async (component) => Promise.all((await component()).map((part) => part.sync()))),
  ])
  const image = rootfs(plan, files, [list, ...built.flat(), ...overlays], toolbox)
  return configure(plan, image, await labels(origin))
}

/** What the packages of a plan leave of an image's files, and the list of them. */
async function installed(farm: Farm, plan: Plan, toolbox: Container): Promise<[Directory, Directory]> {
  const drop = farm.folder("common/build/scripts").file("drop-privileges")
  const [{ system, list }] = await Promise.all([install(farm, plan), toolbox.sync()])
  await system.sync()
  return Promise.all([settled(plan, system, toolbox, drop).sync(), list()])
}

async function labels({ commit, created }: Origin): Promise<Record<string, string>> {
  const { version, repository } = origin()
  return {
    [CREATED]: created ?? EPOCH,
    [REVISION]: commit ?? (await farmDigest()),
    "org.opencontainers.image.source": repository,
    [VERSION]: version,
  }
}

/** The digest of the farm's files with one mode for all, since those of a clone are its umask's. */
export function farmDigest(): Promise<string> {
  return dag.directory().withDirectory("/", dag.currentModule().source(), { permissions: 0o755 }).digest()
}
