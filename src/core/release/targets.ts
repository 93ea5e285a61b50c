import semver from "semver"
import type { Catalog } from "../catalog/catalog.ts"
import type { EndOfLife } from "../catalog/end-of-life.ts"
import { Init, type Profile, RECIPES } from "../catalog/profiles.ts"
import { choices, FarmError } from "../errors.ts"
import { checkAsOf } from "../plan/as-of.ts"
import { checkCommit } from "../plan/labels.ts"
import { parseRepository } from "../registry/access.ts"
import { channelPrefix, fullRef, versionOf } from "./refs.ts"

/** A release's tag, or one of another shape, on one image: the version and what follows it. */
const RELEASE_TAG = /^v(\d+\.\d+\.\d+)-(.+)$/

/** What an immutable tag has beyond the tag it belongs to: when and from which commit it was made. */
const STAMP = /^-\d{8}T\d{6}Z-[0-9a-f]{12}$/

/** What a caller asks of a release. */
export interface ReleaseRequest {
  /** The git ref. */
  ref: string
  /** The farm's git commit. */
  commit: string
  /** HOST/PATH, below which the repositories lie. */
  repository: string
  /** The archives' date, if one was given. */
  asOf?: string
  /** Who publishes. */
  username?: string
  /** Where upstreams are fetched from. */
  mirror?: string
  /** The farm's version, which a release's tag names; none if the distros are the caller's, whose tags name a version of his own. */
  version?: string
  /** When the commit was made: RFC 3339, in UTC. */
  created?: string
  /** Whether images without a digest may pass. */
  unpinned?: boolean
}

/** Everything that a release publishes, without its time, so that equal requests give equal plans. */
export interface ReleasePlan extends ReleaseRequest {
  targets: Omit<ReleaseTarget, "immutableTag" | keyof Source>[]
  /** The distros whose life ends on a known day. */
  ends: EndOfLife[]
  /** The distros that the caller named. */
  named: string[]
}

/** A release plan with its time. */
export interface DatedReleasePlan extends ReleaseRequest {
  /** RFC 3339, in UTC. */
  time: string
  targets: ReleaseTarget[]
}

/** What an index is published from. */
interface Source {
  /** The git ref in full. */
  ref: string
  /** The commit, or its first digits. */
  commit: string
  /** The version that its images are of, if that is known. */
  version?: string
}

/** One index to publish: a desktop for all its platforms. */
export interface ReleaseTarget extends Source {
  distro: string
  profile: Profile
  init: Init
  platforms: string[]
  /** The repository's name below the registry's path. */
  repository: string
  /** The end of its tags: the distro, and the init if that is systemd. */
  image: string
  /** The tag that people pull; it moves, a release's excepted. */
  tag: string
  /** The tag that names this index for good. */
  immutableTag: string
}

/** The plan of what a ref publishes, sorted; without targets for a ref that publishes nothing. */
export function planRelease(from: Catalog, asked: ReleaseRequest): ReleasePlan {
  const { ref, commit } = asked
  const { host, path } = parseRepository(asked.repository)
  checkCommit(commit)
  const begin = channelPrefix(ref)
  const ends = [...from.distros.values()].filter(({ eol }) => eol).map(({ name, title, eol }) => ({ name, title, eol }))
  return { ...asked, repository: `${host}/${path}`, targets: begin ? targets(from, begin) : [], ends, named: [] }
}

/** A release plan with its time, RFC 3339 in UTC; immutable tags are named after that and the commit. */
export function datePlan(plan: Omit<ReleasePlan, "ends" | "named">, time: string): DatedReleasePlan {
  checkAsOf({ asOf: plan.asOf, today: time.slice(0, 10) })
  const suffix = `${time.replace(/[-:]|\.\d+/g, "")}-${plan.commit.slice(0, 12)}`
  const source = { ref: fullRef(plan.ref), commit: plan.commit, version: plan.version && versionOf(plan.ref) }
  return { ...plan, time, targets: plan.targets.map((one) => ({ ...one, ...source, immutableTag: `${one.tag}-${suffix}` })) }
}

function targets(from: Catalog, begin: string): ReleasePlan["targets"] {
  const all = [...from.distros.values()].flatMap(({ name, profiles, platforms }) =>
    (Object.entries(profiles) as [Profile, { inits: Init[] }][]).flatMap(([profile, { inits }]) =>
      inits.map((init) => {
        const image = `${name}${init === Init.Systemd ? "-systemd" : ""}`
        const tag = `${begin}-${image}`
        return { distro: name, profile, init, platforms, repository: RECIPES[profile].repository, image, tag }
      }),
    ),
  )
  const seen = new Map<string, { distro: string }>()
  for (const one of all) {
    const address = `${one.repository}:${one.tag}`
    const other = seen.get(address)
    if (other)
      throw new FarmError(`distros/${one.distro}/distro.json: name: its image would be ${address}, as ${other.distro}'s is; rename it`)
    seen.set(address, one)
  }
  return all
}

/** What distros, profiles and inits are named; all of a kind if none is. */
export type Only = Pick<Record<keyof ReleaseTarget, string[]>, "distro" | "profile" | "init">

/** The targets of the named distros, profiles and inits; throws for a name that no target has. */
export function selectTargets(all: ReleasePlan["targets"], only: Only): ReleasePlan["targets"] {
  if (!all.length) return all
  const asked = (Object.entries(only) as [keyof typeof only, string[]][]).filter(([, names]) => names.length)
  for (const [flag, names] of asked) {
    const valid = new Set<string>(all.map((one) => one[flag]))
    const unknown = names.find((name) => !valid.has(name))
    if (unknown !== undefined) throw new FarmError(`--${flag}=${unknown}: no such ${flag}; expected one of ${choices(valid)}`)
  }
  const found = all.filter((one) => asked.every(([flag, names]) => names.includes(one[flag])))
  if (found.length) return found
  throw new FarmError(
    `${asked.map(([flag, names]) => `--${flag}=${names}`).join(" ")}: no image is all of these; \`distros\` lists what there is`,
  )
}

/** Whether a target is a release, whose tag never moves. */
export function isReleaseTarget({ tag }: ReleaseTarget): boolean {
  return releaseOf(tag) !== undefined
}

/** The immutable tags of a tag among all tags of a repository, the oldest first. */
export function immutableTags(tag: string, tags: string[]): string[] {
  return tags.filter((other) => other.startsWith(`${tag}-`) && STAMP.test(other.slice(tag.length))).sort()
}

/** The first digits of the commit that an immutable tag names. */
export function commitOf(immutableTag: string): string {
  return immutableTag.slice(immutableTag.lastIndexOf("-") + 1)
}

/** The releases of a release's image among all tags of a repository, up to its own, the oldest first. */
export function releaseTags({ tag }: ReleaseTarget, tags: string[]): string[] {
  const own = releaseOf(tag)
  const all = own ? releasesOf(own.image, tags).filter(({ version }) => semver.lte(version, own.version)) : []
  return all.map((one) => one.tag)
}

/** Throws if a repository has a later release of the same image; `tags` are all that it has. */
export function assertNoDowngrade({ repository, tag }: ReleaseTarget, tags: string[]): void {
  const own = releaseOf(tag)
  const newest = own && releasesOf(own.image, tags).at(-1)
  if (newest && semver.gt(newest.version, own.version))
    throw new FarmError(`${repository}:${tag} is a downgrade: ${newest.tag} already exists; release a later version`)
}

/** A release's tag, taken apart. */
interface ReleaseTag {
  tag: string
  version: string
  image: string
}

/** A release's tag by its parts, or undefined for any other tag, also one that only looks like a version, such as v2024.01.15-bookworm. */
function releaseOf(tag: string): ReleaseTag | undefined {
  const [, version = "", image = ""] = tag.match(RELEASE_TAG) ?? []
  return semver.valid(version) ? { tag, version, image } : undefined
}

/** The releases of an image among all tags of a repository, the oldest first. */
function releasesOf(image: string, tags: string[]): ReleaseTag[] {
  const all = tags.map(releaseOf).filter((found) => found?.image === image) as ReleaseTag[]
  return all.sort((a, b) => semver.compare(a.version, b.version))
}
