import { z } from "zod"
import { FarmError } from "../errors.ts"
import { parseFile } from "../schema.ts"
import type { Source } from "./lock.ts"
import type { Patch } from "./patches.ts"

const schema = z.strictObject({
  compiled: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/, "expected a path in the repository, such as unix/xserver"),
    )
    .nonempty(),
  notTaken: z.array(
    z.strictObject({
      commit: z.string().regex(/^[0-9a-f]{40}$/, "expected a commit of 40 hexadecimal digits"),
      because: z.string().min(1),
    }),
  ),
})

/** What is looked at of a branch that fixes are taken from: the paths that are compiled here, and the commits that nobody took, because. */
export type Fixes = z.infer<typeof schema>

/** A commit by its full hash, with the first line of its message. */
export interface Commit {
  commit: string
  subject: string
}

/** The file that says so of a branch that the lock has by that name. */
export const fixesFile = (name: string) => `common/build/fixes/${name}.json`

/** Parses that file; throws one line that names it. */
export function fixes(name: string, text: string): Fixes {
  const found = parseFile(fixesFile(name), text, schema)
  const twice = found.notTaken.find(({ commit }, at) => found.notTaken.findIndex((other) => other.commit === commit) < at)
  if (twice) throw new FarmError(`${fixesFile(name)}: notTaken: expected each commit once, got "${twice.commit}" again`)
  return found
}

/** git's arguments to list what touches compiled paths between two commits, the latest first; a merge adds nothing of its own to what it merges. */
export function logArguments(from: string, to: string, { compiled }: Fixes): string[] {
  return ["log", "--no-merges", "--format=%H%x09%s", `${from}..${to}`, "--", ...compiled]
}

/** The commits in what that printed. */
export function commitsOf(printed: string): Commit[] {
  const lines = printed.split("\n").filter(Boolean)
  return lines.map((line) => ({ commit: line.slice(0, 40), subject: line.slice(41) }))
}

/** Those commits that are neither in every series that takes from their branch, nor among those that nobody took. */
export function unanswered(commits: Commit[], { notTaken }: Fixes, all: Patch[][]): Commit[] {
  const refused = new Set(notTaken.map(({ commit }) => commit))
  const isTaken = (wanted: string) => all.every((series) => series.some((patch) => "commit" in patch && patch.commit === wanted))
  return commits.filter(({ commit }) => !refused.has(commit) && !isTaken(commit))
}

/** Why a branch's pin stays where it is: what has to be answered first, the oldest commit last. Without commits they could not be told. */
export function formatStay({ name, ref, commit }: Source, open?: Commit[]): string {
  const stays = `${name} stays at ${commit.slice(0, 12)}`
  if (!open)
    return `${stays}: the last 1000 commits of ${ref} don't have it, so what is new can't be told; compare them, and move the pin by hand`
  const those = open.length === 1 ? `this commit of ${ref} is` : `these ${open.length} commits of ${ref} are`
  return [
    `${stays} until ${those} in every series that takes from it, or in ${fixesFile(name)} with the reason for which not:`,
    ...open.map((one) => `  ${one.commit} ${one.subject}`),
  ].join("\n")
}
