import semver from "semver"
import type { Catalog } from "../catalog/catalog.ts"
import { Init, type Profile, RECIPES } from "../catalog/profiles.ts"
import { choices, FarmError } from "../errors.ts"
import { place } from "../registry/access.ts"

/** Branches that publish, and what the tags of their channel begin with. */
const BRANCHES = new Map([
  ["main", "unstable"],
  ["testing", "testing"],
])

/** A release's tag, or one of another shape, on one image: the version and what follows it. */
const RELEASE_TAG = /^v(\d+\.\d+\.\d+)-(.+)$/

/** What a twin's name has beyond its tag's: when and from which commit it was made. */
const TWIN = /^-\d{8}T\d{6}Z-[0-9a-f]{12}$/

/** What a release is asked for. */
export interface Asked {
  /** The git ref. */
  ref: string
  /** The farm's git commit. */
  commit: string
  /** HOST/PATH, below which the repositories lie. */
  repository: string
  /** The archives' date, where that was asked for. */
  asOf?: string
  /** Who publishes. */
  username?: string
  /** Where upstreams are fetched from. */
  mirror?: string
}

/** What a release is to do, whenever that is: the same for the same question. */
export interface Undated extends Asked {
  publications: Omit<Publication, "twin">[]
}

/** What a release is to do now. */
export interface Order extends Asked {
  /** RFC 3339, in UTC. */
  time: string
  publications: Publication[]
}

/** One index to publish: a desktop for all its platforms. */
export interface Publication {
  distro: string
  profile: Profile
  init: Init
  platforms: string[]
  /** The repository's name below the registry's path. */
  repository: string
  /** What its tags end with: the distro, and the init where that is systemd. */
  image: string
  /** The tag that people pull; it moves, a release's excepted. */
  tag: string
  /** The tag that stays with this index for good. */
  twin: string
}

/**
 * What tags of a git ref's channel begin with: `unstable` for the branch main, `testing` for testing, vX.Y.Z for the tag of that name,
 * and nothing for a ref that publishes nothing. Throws for a tag that is no release by semver.
 */
export function stem(ref: string): string | undefined {
  const [, kind, name = ""] = ref.match(/^(?:refs\/(heads|tags)\/)?(?!refs\/(?:heads|tags)\/$)(\S.*)$/) ?? []
  if (!name) throw new FarmError(`--ref=${ref}: expected a git ref such as refs/heads/main or refs/tags/v1.2.3`)
  const isTag = kind === "tags" || (!kind && /^v\d/.test(name))
  return isTag ? release(ref, name) : BRANCHES.get(name)
}

/** The name of a channel that images are promoted from; throws with those that there are. */
export function channel(from: string): string {
  const valid = [...BRANCHES.values()]
  if (valid.includes(from)) return from
  throw new FarmError(`--from=${from}: no such channel; expected one of ${choices(valid)}`)
}

/** Decides every index that a ref publishes, sorted; none for a ref that publishes nothing. */
export function orderOf(from: Catalog, asked: Asked): Undated {
  const { ref, commit, repository } = asked
  place(repository)
  if (!/^[0-9a-f]{40}$/.test(commit)) throw new FarmError(`--commit=${commit}: expected a git commit of 40 hexadecimal digits`)
  const begin = stem(ref)
  return { ...asked, publications: begin ? publications(from, begin) : [] }
}

/** Dates an order, RFC 3339 in UTC, and names each index's twin after that and the commit. */
export function dated(order: Undated, time: string): Order {
  const suffix = `${time.replace(/[-:]|\.\d+/g, "")}-${order.commit.slice(0, 12)}`
  return { ...order, time, publications: order.publications.map((one) => ({ ...one, twin: `${one.tag}-${suffix}` })) }
}

function publications(from: Catalog, begin: string): Undated["publications"] {
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

/** Those of some distros, profiles and inits alone, where any are named; throws for a name that none has. */
export function selected(
  all: Undated["publications"],
  only: Pick<Record<keyof Publication, string[]>, "distro" | "profile" | "init">,
): Undated["publications"] {
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

/** Whether a tag is a release's, which stays once it is there. */
export function isFixed({ tag }: Publication): boolean {
  return releaseOf(tag) !== undefined
}

/** A tag's twins among all tags of a repository, the oldest first. */
export function twins(tag: string, tags: string[]): string[] {
  return tags.filter((other) => other.startsWith(`${tag}-`) && TWIN.test(other.slice(tag.length))).sort()
}

/** The releases of a release's image among all tags of a repository, up to its own, the oldest first. */
export function releases({ tag }: Publication, tags: string[]): string[] {
  const own = releaseOf(tag)
  const all = own ? releasesOf(own.image, tags).filter(({ version }) => semver.lte(version, own.version)) : []
  return all.map((one) => one.tag)
}

/** Refuses a release that is older than one that a repository has of the same image; `tags` are all that it has. */
export function checkForward({ repository, tag }: Publication, tags: string[]): void {
  const own = releaseOf(tag)
  const newest = own && releasesOf(own.image, tags).at(-1)
  if (newest && semver.gt(newest.version, own.version))
    throw new FarmError(`${repository}:${tag} would go backwards: ${newest.tag} is there; release a later version`)
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

function release(ref: string, name: string): string {
  const version = /^v\S+$/.test(name) ? semver.parse(name) : null
  if (!version) throw new FarmError(`--ref=${ref}: expected a release's tag by semver, such as v1.2.3; delete the tag and make another`)
  if (name !== `v${version.major}.${version.minor}.${version.patch}`)
    throw new FarmError(`--ref=${ref}: pre-releases and builds are not published; push the branch testing for those who try them`)
  return name
}
