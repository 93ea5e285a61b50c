import type { Means } from "../attest/cosign.ts"
import type { Timings } from "../attest/predicates.ts"
import type { Exception } from "../attest/scan-gate.ts"
import type { Difference, FileChanges } from "../image/diff.ts"

/** One platform's image in a report. */
export interface ReportedImage {
  /** Such as linux/amd64. */
  platform: string
  digest: string
  /** Bytes of all layers. */
  compressed: number
  /** The same of the tag's previous index, if there was one. */
  before?: { digest: string; compressed: number }
  /** What became of the packages since. */
  packages?: Difference["packages"]
  /** And of its files. */
  files?: FileChanges
  scan?: Scan
  smoke?: Smoke
  /** The desktop's picture, in base64. */
  png?: string
  /** Seconds that each took. */
  seconds?: Timings
}

/** How many vulnerabilities a scan found, and which are excepted. */
export interface Scan {
  critical: number
  high: number
  medium: number
  low: number
  excepted: Exception[]
}

/** What a smoke test came to. */
export interface Smoke {
  passed: number
  failed: number
  skipped: number
  seconds: number
  promises: { promise: string; seconds: number }[]
}

/** One index in a report. */
export interface ReportedIndex {
  /** HOST/PATH/helios:TAG, which people pull. */
  address: string
  /** The tag that stays with it for good. */
  immutableTag: string
  state: "published" | "unchanged" | "failed" | "absent"
  digest?: string
  /** Why it failed. */
  reason?: string
  images: ReportedImage[]
  /** Sizes of this tag's indexes, the oldest first. */
  history: { tag: string; compressed: { platform: string; bytes: number }[] }[]
}

/** The data of a release's report. */
export interface ReleaseReport {
  ref: string
  commit: string
  /** HOST/PATH, below which the repositories lie. */
  repository: string
  /** What it is verified with. */
  means: Means
  /** When it was made: RFC 3339, in UTC. */
  created: string
  indexes: ReportedIndex[]
}

const STATES = ["failed", "absent", "published", "unchanged"] as const

/** The indexes of a release, those that need a look first. */
export function inOrder(indexes: ReportedIndex[]): ReportedIndex[] {
  return STATES.flatMap((wanted) => indexes.filter(({ state }) => state === wanted))
}

/** What a release is called: its ref without the kind. */
export function titleOf({ ref }: ReleaseReport): string {
  return `Helios ${ref.replace(/^refs\/(heads|tags)\//, "")}`
}

/** How many indexes came to what, those that need a look first. */
export function countsOf({ indexes }: ReleaseReport): { state: ReportedIndex["state"]; count: number }[] {
  return STATES.map((state) => ({ state, count: indexes.filter((one) => one.state === state).length })).filter(({ count }) => count)
}

/** An index's name for people: its repository's last part, and the tag. */
export function nameOf({ address }: ReportedIndex): string {
  return address.split("/").at(-1) as string
}

/** A point in time as people read it. */
export function timeOf(created: string): string {
  return created.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:[\d.]+)?Z$/, "$1 $2 UTC")
}

/** The line that fetches an index, just this one even when its tag has moved on. */
export function pullOf({ address, digest }: ReportedIndex): string {
  return `docker pull ${argument(digest ? `${address.replace(/:[^:/]*$/, "")}@${digest}` : address)}`
}

/** The line that verifies a release, by what it was signed with. */
export function verifyOf({ ref, commit, repository, means }: ReleaseReport): string {
  const flags = Object.entries({ ref, commit, repository }).map(([name, value]) => argument(`--${name}=${value}`))
  return `dagger/run call release ${flags.join(" ")} with-signing ${signedBy(means).map(argument).join(" ")} verify`
}

function signedBy(means: Means): string[] {
  if (means.by === "key") return ["--public-key=cosign.pub"]
  const { pattern, issuer, trust } = means
  return [`--identity=${pattern}`, ...(issuer ? [`--oidc-issuer=${issuer}`] : []), ...(trust ? ["--trusted-root=trusted_root.json"] : [])]
}

/** Whether a tag names an index of this release. */
export function isTagged({ state }: ReportedIndex): boolean {
  return state === "published" || state === "unchanged"
}

/** The reason why an index failed, if there is one. */
export function reasonOf({ reason }: ReportedIndex): string | undefined {
  return reason?.trim() || undefined
}

/** An index's state in words, for those who pull its tag. */
export function meaningOf(index: ReportedIndex): string {
  const why = reasonOf(index) ? "" : " Nothing says why."
  return {
    failed: `Its tag stays as it was.${why}`,
    absent: "The registry has nothing under this tag.",
    published: "Its tag names this index now.",
    unchanged: "Its tag named this index already.",
  }[index.state]
}

/** The path of a picture, relative to the Markdown page. */
export function pictureOf(index: ReportedIndex, { platform }: ReportedImage): string {
  return `desktops/${`${nameOf(index)}-${platform}`.replace(/[^A-Za-z0-9.]+/g, "-")}.png`
}

/** A word of a command line as a shell takes it, whatever is in it. */
function argument(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
