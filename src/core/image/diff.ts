import { formatBytes, formatGrowth } from "../size.ts"
import { bytesOf, type Entry, type Files } from "./mtree.ts"
import { OWN, type Owner } from "./ownership.ts"

/** One of two images. */
export interface Side {
  /** What its package manager lists: NAME VERSION, and further words, a line each. */
  packages: string
  files: Files
  owners: Map<string, Owner>
}

/** A file that differs, before and after; null if it wasn't there. */
export interface Change {
  path: string
  owner: Owner | null
  from: Entry | null
  to: Entry | null
}

/** What differs between two images, as plain JSON. */
export interface Difference {
  /** Added and removed ones with their versions. */
  packages: { added: string[]; removed: string[]; changed: { name: string; from: string; to: string }[] }
  files: Counts
  bytes: { from: number; to: number }
  /** Every file that differs, by path. */
  changes: Change[]
}

interface Counts {
  added: number
  removed: number
  changed: number
}

/** The differences between the files of two images, whoever owns them. */
export interface FileChanges extends Counts {
  bytes: { from: number; to: number }
  /** Of those whose size changed most, a line each. */
  most: string[]
}

/** How many files are listed. */
const NAMED = 100

/** What differs between an image and a later one. */
export function difference(from: Side, to: Side): Difference {
  const changes = changesOf(from.files, to.files).map((change) => ({
    ...change,
    owner: to.owners.get(change.path) ?? from.owners.get(change.path) ?? null,
  }))
  return {
    packages: packageChanges(from.packages, to.packages),
    files: count(changes),
    bytes: { from: bytesOf(from.files), to: bytesOf(to.files) },
    changes,
  }
}

/** What differs between the files of an image and those of a later one. */
export function fileChanges(from: Files, to: Files): FileChanges {
  const changes = changesOf(from, to)
  const most = [...changes].sort((a, b) => Math.abs(grownBy(b)) - Math.abs(grownBy(a))).slice(0, NAMED)
  return { ...count(changes), bytes: { from: bytesOf(from), to: bytesOf(to) }, most: most.map(line) }
}

/** Every file that differs, by path. A folder counts only if its mode or owner changed. */
function changesOf(from: Files, to: Files): Omit<Change, "owner">[] {
  return [...new Set([...from.keys(), ...to.keys()])].sort().flatMap((path) => {
    const [before, after] = [from.get(path) ?? null, to.get(path) ?? null]
    if (before && after ? same(before, after) : (before ?? after)?.type === "dir") return []
    return [{ path, from: before, to: after }]
  })
}

/**
 * Formats a difference to decide on an update by: sizes, packages, then the files that nothing else explains; those of packages that
 * differ, of components and generated ones are summed up, unless all are asked for.
 */
export function formatDiff({ packages, files, bytes, changes }: Difference, all: boolean): string {
  const { added, removed, changed } = packages
  const differing = [...[...added, ...removed].map(nameOf), ...changed.map(({ name }) => name)]
  if (!changes.length && !differing.length) return `nothing differs: the same packages and files, of ${formatBytes(bytes.to)}\n`
  const heaps = new Map<string, Change[]>(differing.map((name) => [`package ${name}`, []]))
  const rest = changes.filter((change) => {
    const heap = heapOf(change, heaps)
    if (heap) heaps.set(heap, [...(heaps.get(heap) ?? []), change])
    return !heap
  })
  const ofPackage = (name: string) => {
    const own = heaps.get(`package ${name}`) as Change[]
    return own.length ? `: ${summed(own)}` : ""
  }
  const others = [...heaps].filter(([name]) => !name.startsWith("package ")).sort()
  const lines = [
    `size: ${formatBytes(bytes.from)} → ${formatBytes(bytes.to)}, ${formatGrowth(bytes.to - bytes.from)}`,
    `packages: ${counts({ added: added.length, removed: removed.length, changed: changed.length })}`,
    ...added.map((one) => `+ ${one}${ofPackage(nameOf(one))}`),
    ...removed.map((one) => `- ${one}${ofPackage(nameOf(one))}`),
    ...changed.map(({ name, from, to }) => `~ ${name} ${from} → ${to}${ofPackage(name)}`),
    `files: ${counts(files)}`,
    ...(all ? changes : rest).map(line),
    ...(all ? [] : others.map(([name, own]) => `  ${name}: ${summed(own)}`)),
  ]
  return `${lines.join("\n")}\n`
}

/** The heading that a file is counted under, or undefined if the file is listed itself. */
function heapOf({ owner }: Change, packages: Map<string, unknown>): string | undefined {
  if (owner?.kind === "generated") return "generated"
  const name = `${owner?.kind} ${owner?.name}`
  const isSummed = owner?.kind === "package" ? packages.has(name) : owner && owner.name !== OWN.name
  return isSummed ? name : undefined
}

function same(from: Entry, to: Entry): boolean {
  return (["type", "mode", "owner", "sha256", "link"] as const).every((key) => from[key] === to[key])
}

/** Versions by name; several of one package are one text. */
function versions(list: string): Map<string, string> {
  const all = new Map<string, string>()
  for (const line of list.split("\n").filter(Boolean).sort()) {
    const [name = "", version = ""] = line.split(" ")
    const before = all.get(name)
    if (before !== version) all.set(name, before ? `${before}, ${version}` : version)
  }
  return all
}

/** What became of the packages that are listed as NAME VERSION, a line each. */
export function packageChanges(from: string, to: string): Difference["packages"] {
  return compared(versions(from), versions(to))
}

function compared(from: Map<string, string>, to: Map<string, string>): Difference["packages"] {
  const without = (all: Map<string, string>, others: Map<string, string>) =>
    [...all].flatMap(([name, version]) => (others.has(name) ? [] : [`${name} ${version}`]))
  const changed = [...to].flatMap(([name, version]) => {
    const before = from.get(name)
    return before === undefined || before === version ? [] : [{ name, from: before, to: version }]
  })
  return { added: without(to, from), removed: without(from, to), changed }
}

function nameOf(nameAndVersion: string): string {
  return nameAndVersion.split(" ")[0] as string
}

function count(changes: Pick<Change, "from" | "to">[]): Counts {
  const added = changes.filter(({ from }) => !from).length
  const removed = changes.filter(({ to }) => !to).length
  return { added, removed, changed: changes.length - added - removed }
}

/** Such counts in words. */
export function counts({ added, removed, changed }: Counts): string {
  return `${added} added, ${removed} removed, ${changed} changed`
}

function summed(changes: Change[]): string {
  return `${counts(count(changes))}, ${formatGrowth(changes.map(grownBy).reduce((sum, bytes) => sum + bytes))}`
}

/** By how many bytes a file grew. */
function grownBy({ from, to }: Pick<Change, "from" | "to">): number {
  return (to?.size ?? 0) - (from?.size ?? 0)
}

function line({ path, from, to }: Omit<Change, "owner">): string {
  if (!from || !to) return `${to ? "+" : "-"} ${path} ${what((to ?? from) as Entry)}`
  const changed = [
    ...(from.size === to.size ? [] : [`${formatBytes(from.size)} → ${formatBytes(to.size)}, ${formatGrowth(to.size - from.size)}`]),
    ...(from.size === to.size && from.sha256 !== to.sha256 ? ["other contents of the same size"] : []),
    ...(["type", "mode", "owner", "link"] as const).flatMap((key) =>
      from[key] === to[key] ? [] : [`${key} ${from[key] ?? "none"} → ${to[key] ?? "none"}`],
    ),
  ]
  return `~ ${path} ${changed.join("; ")}`
}

function what({ type, size: bytes, link }: Entry): string {
  if (type === "file") return formatBytes(bytes)
  return link === undefined ? type : `→ ${link}`
}
