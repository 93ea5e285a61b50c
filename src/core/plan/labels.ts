import { z } from "zod"
import type { Distro } from "../catalog/distro.ts"
import type { Profile } from "../catalog/profiles.ts"
import { FarmError } from "../errors.ts"
import { formatReference, parseReference, type Reference } from "../registry/reference.ts"
import { baseOf, type Lock } from "../sources/lock.ts"

/** The label with the farm's commit that an image was built from. */
export const REVISION = "org.opencontainers.image.revision"

/** The label with the farm's version. */
export const VERSION = "org.opencontainers.image.version"

/** The label with the time of that commit. */
export const CREATED = "org.opencontainers.image.created"

/** The label that has the lock's SHA-256. */
export const LOCK = "io.helios.lock"

/** The label with the locales of the languages that an image speaks, if any, with spaces between. */
export const LANGUAGES = "io.helios.languages"

/** What an image says of itself whatever commit it is built from. */
export function labels(distro: Distro, profile: Profile, pins: Lock, languages: string[]): Record<string, string> {
  const { image, digest, address = image } = baseOf(pins, distro.base)
  return {
    ...(languages.length && { [LANGUAGES]: languages.join(" ") }),
    [LOCK]: `sha256:${pins.hash}`,
    "org.opencontainers.image.base.digest": digest ?? "unpinned",
    "org.opencontainers.image.base.name": formatReference(parseReference(address) as Reference),
    "org.opencontainers.image.title": `Helios ${profile} on ${distro.title}`,
  }
}

/** Where a build comes from, for its labels. */
export interface Origin {
  /** The farm's commit; without one the digest of the farm's files stands in. */
  commit?: string
  /** RFC 3339 time of the commit, in UTC; the epoch by default, so that equal inputs give equal images. */
  created?: string
}

/** A git commit, whole; throws one line for anything else. */
export function checkCommit(commit: string): string {
  if (/^[0-9a-f]{40}$/.test(commit)) return commit
  throw new FarmError(`--commit=${commit}: expected a git commit of 40 hexadecimal digits`)
}

/** Where a build comes from, as a caller names it; throws one line for what is no commit or no time. */
export function parseOrigin({ commit, created }: Origin): Origin {
  return { ...(commit === undefined ? {} : { commit: checkCommit(commit) }), ...(created === undefined ? {} : { created: utc(created) }) }
}

function utc(created: string): string {
  const isTime = z.iso.datetime({ offset: true }).safeParse(created).success && !Number.isNaN(Date.parse(created))
  if (isTime) return new Date(created).toISOString().replace(/\.\d+Z$/, "Z")
  throw new FarmError(
    `--created=${created}: expected a time by RFC 3339, such as 2026-11-25T20:00:00Z; \`git show -s --format=%cI\` tells it`,
  )
}
