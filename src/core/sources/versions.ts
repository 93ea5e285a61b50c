import type { Source } from "./lock.ts"

/** The number from which on a part of a version stands for a beta of the next one, as with 3.1.90 or 1.20.99.901. */
const BETA = 90

/** The newest release of the same series among a repository's tags, or undefined if `ref` is the newest. */
export function newestTag(ref: string, tags: string[]): string | undefined {
  const pinned = release(ref)
  const releases = tags.flatMap((tag) => {
    const found = release(tag)
    return pinned && found && found.series === pinned.series && !isBeta(found.parts) ? [{ tag, parts: found.parts }] : []
  })
  const last = releases.sort((a, b) => compare(a.parts, b.parts)).at(-1)
  return pinned && last && compare(last.parts, pinned.parts) > 0 ? last.tag : undefined
}

/** Whether a ref names a release, such as v1.3.4, and not a branch, such as server-21.1-branch. */
export function isRelease(ref: string): boolean {
  return release(ref) !== undefined
}

/** Whether an upstream stays at its release whatever comes, as its name in the lock says: xorg-21.1.4 is never another one. */
export function isHeld({ name, ref }: Source): boolean {
  const version = release(ref)?.parts.join(".")
  return version !== undefined && name.endsWith(`-${version}`)
}

function release(ref: string): { series: string; parts: number[] } | undefined {
  const [, series = "", version] = ref.match(/^(.*?)(\d+(?:\.\d+)+)$/) ?? []
  return version === undefined ? undefined : { series, parts: version.split(".").map(Number) }
}

function isBeta([, ...minor]: number[]): boolean {
  return minor.some((part) => part >= BETA)
}

function compare(a: number[], b: number[]): number {
  const length = Math.max(a.length, b.length)
  const differences = Array.from({ length }, (_, index) => (a[index] ?? 0) - (b[index] ?? 0))
  return differences.find((difference) => difference !== 0) ?? 0
}
