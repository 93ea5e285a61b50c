import { type Directory, dag, type Platform } from "@dagger.io/dagger"
import { described, ENTRIES, entrySigned } from "../../core/attest/entry.ts"
import { PROVENANCE, sliceProvenance } from "../../core/attest/provenance.ts"
import { failureReason } from "../../core/error-line.ts"
import { ALL_PARTS, keyOf, platformFor, type Slice } from "../../core/plan/parts.ts"
import type { Plan } from "../../core/plan/plan.ts"
import { type Descriptor, digestOf, joined } from "../../core/registry/oci.ts"
import { epoch } from "../../stages/epoch.ts"
import type { Signer } from "../attest/signer.ts"
import { parts } from "../build/components.ts"
import { sliceIn } from "../build/stored.ts"
import { type Farm, origin } from "../farm.ts"
import { toOciLayout } from "../registry/layout.ts"
import { tool } from "../toolbox.ts"
import { imageOf, type Store } from "./open.ts"

/** Who pushes: what signs, and for which ref and commit of the farm. */
export interface Pusher {
  signer: Signer
  ref: string
  commit: string
}

/** A part of a plan's components in the store's terms. */
interface Wanted {
  slice: Slice
  key: string
  build: () => Promise<Directory>
}

/** Every part of a plan's components, and how it is built without the store; none if it takes all from its distro. */
export async function wantedOf(farm: Farm, plan: Plan): Promise<Wanted[]> {
  const builds = parts(farm, plan)
  if (!builds) return []
  const all = ALL_PARTS.map(async (part) => {
    const slice = await sliceIn(farm, plan, part)
    return { slice, key: keyOf(slice), build: builds[part] }
  })
  return Promise.all(all)
}

/** Builds and pushes what a store lacks of plans' components, and signs it; a line for each that was pushed or is there. */
export async function push(store: Store, plans: Plan[], by: Pusher): Promise<string[]> {
  const lines: string[] = []
  const done = new Set<string>()
  for (const plan of plans)
    for (const { slice, key, build } of await wantedOf(store.farm, plan)) {
      if (done.has(key)) continue
      done.add(key)
      const there = await isThere(store, key)
      if (!there) await pushEntry(store, slice, key, await build(), by)
      lines.push(`${there ? "has" : "pushed"} ${slice.name} ${slice.platform} as ${key}`)
    }
  return lines
}

/** Whether a store has an entry that is to be used; one that isn't is told, and is pushed anew. */
async function isThere(store: Store, key: string): Promise<boolean> {
  try {
    return (await imageOf(store, key)) !== undefined
  } catch (cause) {
    console.warn(`${failureReason(cause)}; it is built and pushed in its place`)
    return false
  }
}

/** An entry's image: its files in one layer, with one time for all, so that equal files give equal bytes. */
export async function entryLayout(farm: Farm, slice: Slice, files: Directory): Promise<Descriptor & { layout: Directory }> {
  const platform = platformFor(slice) as Platform
  const image = dag.container({ platform }).withDirectory("/", epoch(await tool(farm, "rootfs"), files), { owner: "0:0" })
  return toOciLayout(farm, image)
}

/** Its tag comes last: what is cut off half-way names nothing. */
async function pushEntry(
  { farm, registry }: Store,
  slice: Slice,
  key: string,
  files: Directory,
  { signer, ref, commit }: Pusher,
): Promise<void> {
  const started = new Date().toISOString()
  const { layout, ...image } = await entryLayout(farm, slice, files)
  await registry.pushImage(ENTRIES, image.digest, layout)
  const finished = new Date().toISOString()
  const index = joined(new Map([[platformFor(slice), image]]), described(slice, finished))
  await registry.pushIndex(ENTRIES, digestOf(index), index)
  const { repository, version } = origin()
  const made = { ref, commit, version, unpinned: false, engine: await dag.version(), started, finished }
  const by = { ...made, farm: signer.workflow?.repository ?? repository, workflow: signer.workflow?.identity }
  await signer.attest(ENTRIES, image.digest, PROVENANCE, sliceProvenance(slice, by))
  await signer.sign(ENTRIES, digestOf(index), entrySigned(key))
  await registry.pushIndex(ENTRIES, key, index)
}
