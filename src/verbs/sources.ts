import { type Container, type Directory, dag } from "@dagger.io/dagger"
import semver from "semver"
import type { Source } from "../core/lock.ts"
import { address } from "../stages/source.ts"
import { type Farm, farmText } from "./farm.ts"
import { tool } from "./lab.ts"

/** An upstream or a base image as the lock has it. */
export type SourceRow = {
  name: string
  /** The git repository, or nothing for an image. */
  repo: string
  /** The tag or branch that the commit was taken from, or an image's tag. */
  ref: string
  /** The commit, or an image's digest; nothing while an image isn't pinned. */
  pin: string
}

/** An upstream that has something newer than its pin. */
export type OutdatedRow = {
  name: string
  ref: string
  commit: string
  newRef: string
  newCommit: string
}

/** Everything that the lock pins, sorted by name. */
export function list({ lock }: Farm): SourceRow[] {
  const upstreams = [...lock.sources.values()].map(({ commit, ...row }) => ({ ...row, pin: commit }))
  const images = [...lock.images].map(([image, digest]) => {
    const [name = image, ref = ""] = image.split(":")
    return { name, repo: "", ref, pin: digest ?? "" }
  })
  return [...images, ...upstreams].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The upstreams whose branch has moved on, or that have a tag of a later version. */
export async function outdated({ lock, mirror }: Farm): Promise<OutdatedRow[]> {
  const rows = await Promise.all([...lock.sources.values()].map((pinned) => newer(pinned, mirror)))
  return rows.flatMap((row) => (row ? [row] : []))
}

/** The lock with each outdated upstream's newest commit and each base's digest of today. */
export async function update(farm: Farm): Promise<string> {
  const entries = JSON.parse(farmText("sources.lock.json")) as ({ image: string; digest: string | null } | Source)[]
  const later = new Map((await outdated(farm)).map((row) => [row.name, row]))
  const updated = await Promise.all(
    entries.map(async (entry) => {
      if ("image" in entry) return { ...entry, digest: await digest(entry.image) }
      const row = later.get(entry.name)
      return row ? { ...entry, ref: row.newRef, commit: row.newCommit } : entry
    }),
  )
  return `${JSON.stringify(updated, null, 2)}\n`
}

/** A folder of bare repositories with every commit that the lock pins, laid out as --mirror wants it. */
export async function mirror(farm: Farm): Promise<Directory> {
  const histories = [...farm.lock.sources.values()].filter(({ name }) => name.endsWith("-fixes"))
  let container: Container = await tool(farm, "patches")
  for (const pinned of farm.lock.sources.values()) {
    const depth = histories.includes(pinned) ? 1000 : 1
    const folder = `/mirror/${pinned.repo.replace("https://", "")}`
    const ref = `refs/heads/${pinned.name}`
    container = container
      .withExec(["git", "init", "--quiet", "--bare", folder])
      .withExec(["git", "-C", folder, "fetch", "--quiet", `--depth=${depth}`, address(pinned, farm.mirror), `${pinned.commit}:${ref}`])
      .withExec(["git", "-C", folder, "config", "uploadpack.allowAnySHA1InWant", "true"])
  }
  return container.directory("/mirror")
}

async function newer(pinned: Source, mirror?: string): Promise<OutdatedRow | undefined> {
  const repository = dag.git(address(pinned, mirror))
  const row = (newRef: string, newCommit: string) => ({ name: pinned.name, ref: pinned.ref, commit: pinned.commit, newRef, newCommit })
  const version = semver.coerce(pinned.ref)
  if (!version) {
    const tip = await repository.branch(pinned.ref).commit()
    return tip === pinned.commit ? undefined : row(pinned.ref, tip)
  }
  const shape = pinned.ref.replace(/[0-9.]+$/, "")
  const tags = (await repository.tags()).filter((tag) => tag.startsWith(shape) && /^[0-9.]+$/.test(tag.slice(shape.length)))
  const of = (tag: string) => semver.coerce(tag) ?? version
  const last = tags
    .filter((tag) => semver.gt(of(tag), version))
    .sort((a, b) => semver.compare(of(a), of(b)))
    .at(-1)
  return last ? row(last, await repository.tag(last).commit()) : undefined
}

async function digest(image: string): Promise<string | null> {
  return (await dag.container().from(image).imageRef()).split("@")[1] ?? null
}
