import { formatBytes } from "../size.ts"
import { isTagged, nameOf, type ReleaseReport, type ReportedIndex } from "./model.ts"

/** How many releases a chart shows, the last ones. */
const SHOWN = 30

/** How many letters of their names fit below a panel, and how many of one. */
const ROOM = 56
const LONGEST = 16

/** What the chart of sizes is drawn from: blocks of tab-separated lines, and how many blocks and platforms there are. */
export interface Sizes {
  text: string
  panels: number
  platforms: number
}

/** One release of an image: its name on the chart, and bytes by platform. */
type Point = [name: string, bytes: Map<string, number>]

/** The sizes over releases: a block for each image, whose first line has its name and the last size of each platform. */
export function sizesOf({ indexes }: ReleaseReport): Sizes {
  const all = indexes.map((index) => ({ name: nameOf(index), points: pointsOf(index) })).filter(({ points }) => points.length)
  const platforms = [...new Set(all.flatMap(({ points }) => points.flatMap(([, bytes]) => [...bytes.keys()])))].sort()
  const blocks = all.map(({ name, points }) => {
    const widest = Math.max(...points.map(([label]) => label.length))
    const every = Math.ceil((points.length * (widest + 2)) / ROOM)
    const lines = points.map(([label, bytes], at) => {
      const isNamed = (points.length - 1 - at) % every === 0
      return [at, quoted(isNamed ? label : ""), ...platforms.map((platform) => inMegabytes(bytes.get(platform)))]
    })
    const head = [quoted(name), quoted(""), ...platforms.map((platform) => quoted(legend(platform, points)))]
    return [head, ...lines].map((cells) => cells.join("\t")).join("\n")
  })
  return { text: `${blocks.join("\n\n\n")}\n`, panels: all.length, platforms: platforms.length }
}

/** The history of an index, with the index itself if its tag names it. */
function pointsOf(index: ReportedIndex): Point[] {
  const { address, immutableTag, images, history } = index
  const isThere = history.some(({ tag }) => tag === immutableTag || address.endsWith(`:${tag}`))
  const now = { tag: immutableTag, compressed: images.map(({ platform, compressed }) => ({ platform, bytes: compressed })) }
  return [...history, ...(isTagged(index) && !isThere ? [now] : [])]
    .filter(({ compressed }) => compressed.length)
    .slice(-SHOWN)
    .map(({ tag, compressed }) => [labelOf(tag), new Map(compressed.map(({ platform, bytes }) => [platform, bytes]))])
}

/** A tag's name below the chart: a release's version, else an immutable tag's day and time, else its first letters. */
function labelOf(tag: string): string {
  const [, month, day, hour, minute] = tag.match(/-\d{4}(\d\d)(\d\d)T(\d\d)(\d\d)\d\dZ-[0-9a-f]{12}$/) ?? []
  return tag.match(/^(v\d+\.\d+\.\d+)-/)?.[1] ?? (day ? `${month}-${day} ${hour}:${minute}` : tag.slice(0, LONGEST))
}

function legend(platform: string, points: Point[]): string {
  const last = points.flatMap(([, bytes]) => bytes.get(platform) ?? []).at(-1)
  return `${platform}: ${last === undefined ? "none" : formatBytes(last)}`
}

function inMegabytes(bytes: number | undefined): string {
  return bytes === undefined ? "NaN" : (bytes / 1e6).toFixed(3)
}

/** A text as gnuplot reads it from a line of data. */
function quoted(text: string): string {
  return `"${text.replace(/[\s"\p{Cc}]+/gu, " ").replaceAll("\\", "\\\\")}"`
}
