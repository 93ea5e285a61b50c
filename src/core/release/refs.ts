import semver from "semver"
import { choices, FarmError } from "../errors.ts"

/** Branches that publish, those first whose images others promote, and what the tags of their channel begin with. */
const BRANCHES = new Map([
  ["main", "unstable"],
  ["testing", "testing"],
])

/**
 * The prefix of a git ref's tags: `unstable` for the branch main, `testing` for testing, vX.Y.Z for the tag of that name, undefined for a
 * ref that publishes nothing. Throws for a tag that isn't a release by semver.
 */
export function channelPrefix(ref: string): string | undefined {
  const { isTag, name } = parse(ref)
  return isTag ? release(ref, name) : BRANCHES.get(name)
}

/** A git ref in full, such as refs/heads/main for main and refs/tags/v1.2.3 for v1.2.3. */
export function fullRef(ref: string): string {
  const { isTag, name } = parse(ref)
  if (ref.startsWith("refs/")) return ref
  return `refs/${isTag ? "tags" : "heads"}/${name}`
}

/** The git ref, in full, that publishes under a channel's name; throws with the valid names. */
export function refOfChannel(from: string): string {
  const [branch] = [...BRANCHES].find(([, channel]) => channel === from) ?? []
  if (branch) return fullRef(branch)
  throw new FarmError(`--from=${from}: no such channel; expected one of ${choices(BRANCHES.values())}`)
}

/** The git refs, in full, of which an image may be that a ref publishes: its own, and the branches before it, as those are promoted. */
export function sourceRefs(ref: string): string[] {
  const branches = [...BRANCHES.keys()].map(fullRef)
  const at = branches.indexOf(fullRef(ref))
  return at < 0 ? [...branches, fullRef(ref)] : branches.slice(0, at + 1)
}

/** The version that a git ref releases, without its v, or undefined if the ref is no tag. */
export function versionOf(ref: string): string | undefined {
  const { isTag, name } = parse(ref)
  return isTag ? release(ref, name).slice(1) : undefined
}

/** Throws if a git ref releases another version than the farm's, which the labels of its images name. */
export function assertVersion(ref: string, own: string): void {
  const released = versionOf(ref)
  if (released !== undefined && released !== own)
    throw new FarmError(`--ref=${ref}: package.json has version ${own}; tag the commit v${own}, or one whose package.json has ${released}`)
}

function parse(ref: string): { isTag: boolean; name: string } {
  const [, kind, name = ""] = ref.match(/^(?:refs\/(heads|tags)\/)?(?!refs\/(?:heads|tags)\/$)(\S.*)$/) ?? []
  if (!name) throw new FarmError(`--ref=${ref}: expected a git ref such as refs/heads/main or refs/tags/v1.2.3`)
  return { isTag: kind === "tags" || (!kind && /^v\d/.test(name)), name }
}

function release(ref: string, name: string): string {
  const version = /^v\S+$/.test(name) ? semver.parse(name) : null
  if (!version) throw new FarmError(`--ref=${ref}: expected a release's tag by semver, such as v1.2.3; delete the tag and make another`)
  if (name !== `v${version.major}.${version.minor}.${version.patch}`)
    throw new FarmError(`--ref=${ref}: pre-releases and builds are not published; push the branch testing for those who try them`)
  return name
}
