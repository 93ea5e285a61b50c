import type { Timings } from "../attest/predicates.ts"
import type { Exception } from "../attest/scan-gate.ts"
import { counts, type Difference } from "../image/diff.ts"
import { formatBytes, formatGrowth } from "../size.ts"
import type { ReportedImage, Scan, Smoke } from "./model.ts"

/** One thing to say of an image. */
export interface Fact {
  name: "digest" | "size" | "change" | "digest before" | "packages" | "files" | "scan" | "smoke test" | "timings"
  text: string
  /** A shorter text for a table of many images. */
  short?: string
  /** How it is shown: as what a program reads, or as what needs a look. */
  as?: "code" | "failed"
}

/** One change of a package, as a row. */
export interface PackageRow {
  what: "added" | "removed" | "changed"
  name: string
  versions?: [from: string, to: string]
}

/** Rows that hold for some platforms alike. */
export interface Shared<T> {
  platforms: string[]
  rows: T[]
}

/** How many rows a reader is shown without asking. */
export const SHOWN = 20

/** All that is said of an image; what is not known is said so. */
export function factsOf(image: ReportedImage): Fact[] {
  const { digest, compressed, before, scan, smoke, seconds } = image
  return [
    { name: "digest", text: digest, as: "code" },
    { name: "size", text: `${formatBytes(compressed)} compressed`, short: formatBytes(compressed) },
    { name: "change", ...changeOf(image) },
    before ? { name: "digest before", text: before.digest, as: "code" } : { name: "digest before", text: "none" },
    { name: "packages", text: packagesOf(image) },
    { name: "files", text: filesOf(image) },
    scan ? scanned(scan) : { name: "scan", text: "not scanned" },
    smoke ? tested(smoke) : { name: "smoke test", text: "not tested" },
    { name: "timings", text: seconds ? timings(seconds) : "not measured" },
  ]
}

/** What a table of many images says of one: its size, change, scan and smoke test, in that order. */
export function briefOf(image: ReportedImage): Fact[] {
  const brief = ["size", "change", "scan", "smoke test"]
  return factsOf(image)
    .filter(({ name }) => brief.includes(name))
    .map((fact) => ({ ...fact, text: fact.short ?? fact.text }))
}

/** What changed of packages, by the platforms on which just that changed. */
export function packageRows(images: ReportedImage[]): Shared<PackageRow>[] {
  return together(images, ({ packages }) => rowsOf(packages))
}

/** The files that changed most, a line each, by the platforms on which just they did. */
export function fileLines(images: ReportedImage[]): Shared<string>[] {
  return together(images, ({ files }) => {
    if (!files) return []
    const more = files.added + files.removed + files.changed - files.most.length
    return [...files.most, ...(more ? [`and ${more} more, which \`image … diff\` names`] : [])]
  })
}

/** Vulnerabilities that are excepted, by the platforms on which just they are. */
export function exceptions(images: ReportedImage[]): Shared<Exception>[] {
  return together(images, ({ scan }) => scan?.excepted ?? [])
}

/** A smoke test's promises, those that took longest first. */
export function slowest({ promises }: Smoke): { promise: string; took: string }[] {
  return [...promises].sort((a, b) => b.seconds - a.seconds).map(({ promise, seconds }) => ({ promise, took: duration(seconds) }))
}

function together<T>(images: ReportedImage[], rowsOf: (image: ReportedImage) => T[]): Shared<T>[] {
  const groups = new Map<string, Shared<T>>()
  for (const image of images) {
    const rows = rowsOf(image)
    const key = JSON.stringify(rows)
    const group = groups.get(key)
    if (group) group.platforms.push(image.platform)
    else if (rows.length) groups.set(key, { platforms: [image.platform], rows })
  }
  return [...groups.values()]
}

function changeOf({ digest, compressed, before }: ReportedImage): Omit<Fact, "name"> {
  if (!before) return { text: "none: the first under this tag", short: "first" }
  if (before.digest === digest) return { text: "none: the same image", short: "none" }
  const more = compressed - before.compressed
  if (!more) return { text: "none: other contents of the same size", short: "none" }
  const share = before.compressed ? ` (${more > 0 ? "+" : ""}${((more / before.compressed) * 100).toFixed(1)} %)` : ""
  return { text: `${formatGrowth(more)}${share}` }
}

function packagesOf({ before, packages }: ReportedImage): string {
  if (!before) return "nothing to compare them with"
  if (!packages) return "not compared: a list of them is missing"
  const { added, removed, changed } = packages
  return rowsOf(packages).length ? counts({ added: added.length, removed: removed.length, changed: changed.length }) : "the same"
}

function filesOf({ before, files }: ReportedImage): string {
  if (!before) return "nothing to compare them with"
  if (!files) return "not compared: what was there is not known to be the farm's"
  const { from, to } = files.bytes
  return files.most.length ? `${counts(files)}; ${formatBytes(from)} → ${formatBytes(to)} unpacked` : "the same"
}

function rowsOf(packages?: Difference["packages"]): PackageRow[] {
  if (!packages) return []
  return [
    ...packages.added.map((name): PackageRow => ({ what: "added", name })),
    ...packages.removed.map((name): PackageRow => ({ what: "removed", name })),
    ...packages.changed.map(({ name, from, to }): PackageRow => ({ what: "changed", name, versions: [from, to] })),
  ]
}

function scanned({ critical, high, medium, low, excepted }: Scan): Fact {
  const short = `${critical} critical, ${high} high`
  const text = `${short}, ${medium} medium, ${low} low; ${excepted.length} excepted`
  return { name: "scan", text, short, as: critical ? "failed" : undefined }
}

function tested({ passed, failed, skipped, seconds }: Smoke): Fact {
  const text = `${passed} passed, ${failed} failed, ${skipped} skipped in ${duration(seconds)}`
  const short = [`${passed} passed`, ...(failed ? [`${failed} failed`] : []), ...(skipped ? [`${skipped} skipped`] : [])].join(", ")
  return { name: "smoke test", text, short, as: failed ? "failed" : undefined }
}

function timings({ build, smoke, upload }: Timings): string {
  return `build ${duration(build)}, smoke test ${duration(smoke)}, upload ${duration(upload)}`
}

function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}
