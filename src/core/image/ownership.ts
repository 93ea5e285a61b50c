import { FarmError } from "../errors.ts"
import type { Pattern } from "./generated.ts"
import { type Entry, type Files, follower } from "./mtree.ts"

/** Who answers for a file: a package, a component, the farm's own folders, or a pattern of generated files. */
export interface Owner {
  kind: "package" | "component" | "generated"
  name: string
}

/** What the farm itself lays below and over packages. */
export const OWN: Owner = { kind: "component", name: "helios" }

/** The paths that somebody brings. */
export interface Claim {
  owner: Owner
  paths: string[]
}

/** How many paths an error lists. */
const NAMED = 20

/** What the package manager says of its packages' files: `PACKAGE PATH`, or PACKAGE and then its paths, each after a space. */
export function packaged(listing: string, diverted = ""): Claim[] {
  const moves = diversions(diverted)
  const claims = new Map<string, Claim>()
  let last = ""
  for (const line of listing.split("\n")) {
    const at = line.indexOf(" ")
    if (at !== 0 && line) last = at < 0 ? line : line.slice(0, at)
    if (at < 0) continue
    const claim = claims.get(last) ?? { owner: { kind: "package", name: last }, paths: [] }
    const path = line.slice(at + 1).replace(/\/$/, "")
    const move = moves.get(path)
    claim.paths.push(move && move.by !== last ? move.to : path)
    claims.set(last, claim)
  }
  return [...claims.values()]
}

/** Where packages moved other packages' files to, from the output of dpkg-divert. */
function diversions(text: string): Map<string, { to: string; by: string | undefined }> {
  const lines = text.matchAll(/^(?:local )?diversion of (\/.+?) to (\/.+?)(?: by (\S+))?$/gm)
  return new Map([...lines].map(([, from, to, by]) => [from as string, { to: to as string, by }]))
}

/** The owner of each file, without folders: the last claim, else the first pattern that matches; a file without an owner is missing. */
export function owned(files: Files, claims: Claim[], patterns: Pattern[]): Map<string, Owner> {
  const follow = follower(files)
  const claimed = new Map(claims.flatMap(({ owner, paths }) => paths.map((path): [string, Owner] => [follow(path), owner])))
  const owners = new Map<string, Owner>()
  for (const [path, entry] of files) {
    if (entry.type === "dir") continue
    const name = claimed.has(path) ? undefined : patterns.find(({ matches }) => matches(path, entry))?.name
    const owner = claimed.get(path) ?? (name === undefined ? undefined : ({ kind: "generated", name } as const))
    if (owner) owners.set(path, owner)
  }
  return owners
}

/** The generated files that could be programs by what is in them. */
export function suspects(files: Files, owners: Map<string, Owner>): string[] {
  return [...owners].flatMap(([path, { kind }]) => (kind === "generated" && files.get(path)?.size ? [path] : []))
}

/** The paths that `file -00`, which printed them in the same order, calls machine code or couldn't read. */
export function machineCode(paths: string[], said: string): Set<string> {
  const parts = said.split("\0")
  return new Set(paths.filter((_, index) => /^(ELF |ERROR|cannot open|$)/.test(parts[2 * index + 1] ?? "")))
}

/** Formats a line for each file with its owner, then the counts; throws one line if a file has no owner, or is a generated program. */
export function account(image: string, files: Files, owners: Map<string, Owner>, code: Set<string>): string {
  const all = [...files].filter(([, { type }]) => type !== "dir")
  const wrong = all.flatMap(([path, entry]) => {
    const owner = owners.get(path)
    if (!owner) return [path]
    return owner.kind === "generated" && isProgram(entry, code.has(path)) ? [`${path} (a program, which ${owner.name} may not be)`] : []
  })
  if (wrong.length)
    throw new FarmError(
      `${image}: ${wrong.length} of ${all.length} files belong to nobody: ${wrong.slice(0, NAMED).join(", ")}${wrong.length > NAMED ? " and others" : ""}; let a package or a distro's root/ bring them, or where they are generated and no programs, a pattern of common/generated.json match them`,
    )
  const count = (wanted: Owner["kind"]) => [...owners.values()].filter(({ kind }) => kind === wanted).length
  const lines = all.map(([path]) => `${path}\t${owners.get(path)?.kind} ${owners.get(path)?.name}`).sort()
  const counts = `${count("package")} of packages, ${count("component")} of components, ${count("generated")} generated, 0 of nobody`
  return `${[...lines, `${all.length} files: ${counts}`].join("\n")}\n`
}

/** An empty file runs nothing: engines leave some executable ones at their mount points. */
function isProgram({ type, mode, size }: Entry, isCode: boolean): boolean {
  return isCode || (type === "file" && size > 0 && /[1357]/.test(mode.slice(-3)))
}
