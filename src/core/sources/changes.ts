import { architectureOf, type ImageName } from "../catalog/matrix.ts"
import { markdownTable } from "../table.ts"
import type { Lock, Source } from "./lock.ts"
import { isHeld } from "./versions.ts"

/** An upstream whose pin changed; one side is missing if it was added or removed. */
export interface Move {
  name: string
  before?: Source
  after?: Source
}

/** The upstreams that differ between two locks, sorted by name. */
export function moves(before: Lock, after: Lock): Move[] {
  const names = [...new Set([...before.sources.keys(), ...after.sources.keys()])].sort()
  return names
    .map((name) => ({ name, before: before.sources.get(name), after: after.sources.get(name) }))
    .filter((move) => move.before?.commit !== move.after?.commit || move.before?.repo !== move.after?.repo)
}

/** The changes between two locks as Markdown; `counts` has the number of new commits of each upstream, if known. */
export function markdown(before: Lock, after: Lock, counts: Map<string, number>): string {
  const upstreams = moves(before, after).map((move) => upstream(move, counts.get(move.name)))
  const images = imageRows(before, after)
  const held = [...after.sources.values()].filter(isHeld).map(({ name }) => name)
  return [
    ...(upstreams.length ? ["## Upstreams", "", markdownTable([["upstream", "from", "to", "commits"], ...upstreams]), ""] : []),
    ...(images.length ? ["## Images", "", markdownTable([["image", "from", "to"], ...images]), ""] : []),
    ...(upstreams.length || images.length ? [] : ["Nothing moved.", ""]),
    ...(held.length ? [`Held at their release by their name: ${held.join(", ")}.`, ""] : []),
  ].join("\n")
}

/** The name under which an image's smoke test leaves its report. */
export function reportName({ distro, profile, init, platform }: ImageName): string {
  return [distro, profile, init, architectureOf(platform)].join("-")
}

/** The results of smoke tests as Markdown; `summaries` has the reports by name, and missing ones are listed. */
export function tested(cells: ImageName[], summaries: Map<string, string>): string {
  const results = cells.map((cell) => {
    const name = reportName(cell)
    return [name, summaries.get(name)?.trim().split("\n").at(-1) ?? "no report"]
  })
  return ["## Smoke tests", "", markdownTable([["image", "promises"], ...results]), ""].join("\n")
}

/** A row for each image of which another digest is pinned, or that is new or gone; one for both where it takes the place of another tag. */
function imageRows({ images: before }: Lock, { images: after }: Lock): string[][] {
  const gone = [...before.keys()].filter((image) => !after.has(image))
  const replaced = new Set<string>()
  const rows = [...after].flatMap(([image, pinned]) => {
    if (before.has(image)) return before.get(image) === pinned ? [] : [[code(image), digest(before.get(image)), digest(pinned)]]
    const old = gone.find((other) => untagged(other) === untagged(image))
    if (old === undefined) return [[code(image), NOT_THERE, digest(pinned)]]
    replaced.add(old)
    return [[code(untagged(image)), `${tagOf(old)} ${digest(before.get(old))}`, `${tagOf(image)} ${digest(pinned)}`]]
  })
  const left = gone.filter((image) => !replaced.has(image))
  return [...rows, ...left.map((image) => [code(image), digest(before.get(image)), NOT_THERE])]
}

const TAG = /:[^:/]*$/
const untagged = (image: string) => image.replace(TAG, "")
const tagOf = (image: string) => image.match(TAG)?.[0].slice(1) ?? ""

function upstream({ name, before, after }: Move, count?: number): string[] {
  const { repo } = (after ?? before) as Source
  return [`[${name}](${repo})`, pin(before), pin(after), before && after ? compared(before, after, count) : ""]
}

function compared(before: Source, after: Source, count?: number): string {
  const told = count === undefined ? "compare" : String(count)
  return before.repo === after.repo ? `[${told}](${after.repo}/compare/${before.commit}...${after.commit})` : told
}

const pin = (source?: Source) => (source ? `${source.ref} ${code(source.commit.slice(0, 12))}` : NOT_THERE)

const NOT_THERE = "not there"

const digest = (value?: string | null) => (value ? code(value.slice(0, 19)) : "not pinned")

const code = (text: string) => `\`${text}\``
