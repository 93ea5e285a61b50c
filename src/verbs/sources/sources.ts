import { type Directory, dag } from "@dagger.io/dagger"
import { FarmError } from "../../core/errors.ts"
import { isHistory } from "../../core/plan/components.ts"
import { address } from "../../core/sources/git.ts"
import type { Source } from "../../core/sources/lock.ts"
import { isHeld, isRelease, newestTag } from "../../core/sources/versions.ts"
import { table } from "../../core/table.ts"
import { type Farm, farmText } from "../farm.ts"
import { tool } from "../toolbox.ts"
import { fetchRefs, fetchSource } from "./fetch.ts"
import { reasonToStay } from "./stay.ts"

/** An upstream that has something newer than its pin. */
interface Newer {
  pinned: Source
  ref: string
  commit: string
  /** Why the pin stays all the same. */
  stays?: string
}

const short = (commit: string) => commit.slice(0, 12)

/** Everything that the lock pins, a line each: images, then upstreams, both sorted by name. */
export function list({ lock }: Farm): string {
  const images = [...lock.images].map(([image, digest]) => [image, "", digest ? digest.slice(0, 19) : "not pinned", ""])
  const upstreams = [...lock.sources.values()].map(({ name, ref, commit, repo }) => [name, ref, short(commit), repo])
  return `${table([["NAME", "REF", "PIN", "FROM"], ...images, ...upstreams])}\n`
}

/**
 * A line for each upstream whose branch has moved on or that has a later release, and how many there are; of a branch that fixes are taken from,
 * the commits that have to be answered before it moves. Throws when one doesn't answer.
 */
export async function outdated(farm: Farm): Promise<string> {
  const found = await newer(farm)
  const rows = found.map(({ pinned, ref, commit }) => [pinned.name, pinned.ref, short(pinned.commit), ref, short(commit)])
  const all = [...farm.lock.sources.values()]
  const held = all.filter(isHeld).map(({ name }) => name)
  const counted = `${rows.length} of ${all.length} upstreams have something newer${rows.length ? "; `dagger call sources update` takes it" : ""}`
  return [
    ...(rows.length ? [table([["NAME", "REF", "PIN", "NEWER", "COMMIT"], ...rows]), ""] : []),
    ...found.flatMap(({ stays }) => (stays ? [stays, ""] : [])),
    counted,
    ...(held.length ? [`held at their release by their name: ${held.join(", ")}`] : []),
    "",
  ].join("\n")
}

/**
 * The lock with each outdated upstream's newest commit and, with `images`, each base's current digest; throws if one can't be had. A branch
 * with fixes that nobody has answered stays where it is, which is said.
 */
export async function update(farm: Farm, images: boolean): Promise<string> {
  const entries = JSON.parse(farmText("sources.lock.json")) as ({ image: string; digest: string | null } | Source)[]
  const later = new Map((await newer(farm)).map((row) => [row.pinned.name, row]))
  const updated = await Promise.all(
    entries.map(async (entry) => {
      if ("image" in entry) return images ? { ...entry, digest: await digest(entry.image) } : entry
      const row = later.get(entry.name)
      if (row?.stays) console.warn(row.stays)
      return row && !row.stays ? { ...entry, ref: row.ref, commit: row.commit } : entry
    }),
  )
  return `${JSON.stringify(updated, null, 2)}\n`
}

/**
 * A folder of bare repositories with every commit that the lock pins, laid out as --mirror wants it. They carry the lock's tags and
 * branches, so that `outdated` finds nothing newer there. Throws when a commit can't be had.
 */
export async function mirror(farm: Farm): Promise<Directory> {
  const repos = new Map<string, Source[]>()
  for (const pinned of farm.lock.sources.values()) repos.set(pinned.repo, [...(repos.get(pinned.repo) ?? []), pinned])
  const made = [...repos].map(async ([repo, pins]) => [repo.replace("https://", ""), await bare(farm, pins)] as const)
  return (await Promise.all(made)).reduce((folder, [path, files]) => folder.withDirectory(path, files), dag.directory())
}

async function bare(farm: Farm, pins: Source[]): Promise<Directory> {
  const branch = pins.find(({ ref }) => !isRelease(ref))?.ref ?? "main"
  const git = (await tool(farm, "git"))
    .withNewFile("/template/config", "[uploadpack]\n\tallowAnySHA1InWant = true\n")
    .withExec(["git", "init", "--quiet", "--bare", "--template=/template", `--initial-branch=${branch}`, "/bare"])
  // Histories first: git takes a commit that lies in one from there, and what lies behind it isn't cut off.
  const deepest = [...pins].sort((a, b) => Number(isHistory(b.name)) - Number(isHistory(a.name)))
  const fetched = await Promise.all(deepest.map((pinned) => fetchSource(farm, pinned, isHistory(pinned.name) ? "history" : "snapshot")))
  return deepest
    .reduce((container, { ref }, index) => {
      const name = isRelease(ref) ? `refs/tags/${ref}` : `refs/heads/${ref}`
      return container
        .withMountedDirectory("/from", fetched[index] as Directory)
        .withExec(["git", "-C", "/bare", "fetch", "--quiet", "--update-shallow", "/from", `HEAD:${name}`])
    }, git)
    .directory("/bare")
}

async function newer(farm: Farm): Promise<Newer[]> {
  const asked = [...farm.lock.sources.values()].filter((pinned) => !isHeld(pinned))
  const found = await Promise.all(asked.map((pinned) => newest(farm, pinned)))
  return found.filter((row) => row !== undefined)
}

async function newest(farm: Farm, pinned: Source): Promise<Newer | undefined> {
  const refs = await fetchRefs(farm, pinned)
  if (isRelease(pinned.ref)) {
    const tags = [...refs.keys()].filter((ref) => ref.startsWith(TAGS)).map((ref) => ref.slice(TAGS.length))
    const tag = newestTag(pinned.ref, tags)
    return tag ? { pinned, ref: tag, commit: refs.get(`${TAGS}${tag}`) as string } : undefined
  }
  const tip = refs.get(`refs/heads/${pinned.ref}`)
  if (!tip)
    throw new FarmError(`${pinned.name}: ${address(pinned, farm.mirror)} has no branch ${pinned.ref}, which sources.lock.json names`)
  if (tip === pinned.commit) return undefined
  return { pinned, ref: pinned.ref, commit: tip, stays: await reasonToStay(farm, pinned, tip) }
}

const TAGS = "refs/tags/"

async function digest(image: string): Promise<string> {
  const advice = "ask where the engine reaches a registry that has it, or leave --images out"
  try {
    const [, found] = (await dag.container().from(image).imageRef()).split("@")
    if (found) return found
  } catch (cause) {
    throw new FarmError(`${image}: no registry returned its digest (${(cause as Error).message.split("\n")[0]}); ${advice}`, { cause })
  }
  throw new FarmError(`${image}: no registry returned its digest; ${advice}`)
}
