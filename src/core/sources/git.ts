import type { Source } from "./lock.ts"

/** Where an upstream is fetched from: its own address, or its place below a mirror. */
export function address({ repo }: Source, mirror?: string): string {
  return mirror ? `${mirror.replace(/\/+$/, "")}/${repo.replace("https://", "")}` : repo
}

/** What git prints when it fails, and what that means to somebody who builds an image. */
const REASONS: [RegExp, string][] = [
  [/not our ref|does not allow request for unadvertised object/, "not our ref: it has no such commit, or gives none by its hash"],
  [/dumb http transport/, "it serves files alone, and no commit by its hash: serve it by git daemon or git http-backend"],
  [/Could not resolve proxy: (\S+)/, "no such proxy: $1"],
  [/CONNECT tunnel failed, response (\d+)/, "the proxy answered $1"],
  [/unable to look up (\S+)|Could not resolve host(?:name)?:? (\S+?):?\s/, "no such host: $1$2"],
  [/Connection refused|Couldn't connect to server/, "connection refused"],
  [/No route to host|Network is unreachable/, "no way to that host"],
  [
    /could not read (?:Username|Password)|Authentication failed|Permission denied|returned error: 40[13]/,
    "it wants a login, or has no such repository: --git-config=file:PATH has logins",
  ],
  [
    /access denied or repository not exported|repository '.*' not found|does not appear to be a git repository/,
    "it has no such repository, or may not give it",
  ],
  [/early EOF|hung up|Connection reset|Connection closed|unexpected disconnect/, "it hung up"],
]

const LONGEST = 160

/** Why a fetch failed, in a few words, from what git printed (in the locale C). */
export function gitFailure(printed: string): string {
  for (const [pattern, words] of REASONS) {
    const found = `${printed}\n`.match(pattern)
    if (found) return words.replace(/\$(\d)/g, (_, group) => found[Number(group)] ?? "")
  }
  const lines = printed.split("\n").filter((line) => line.trim())
  const last = lines.filter((line) => line.startsWith("fatal: ")).at(-1) ?? lines.at(-1) ?? "git said nothing"
  return last.replace(/^fatal: |unable to access '[^']*': /g, "").slice(0, LONGEST)
}

/** The commit of each branch and tag by its full name, such as refs/tags/v1.3.4, from what `git ls-remote` printed. */
export function refsOf(printed: string): Map<string, string> {
  const rows = printed.split("\n").flatMap((line) => {
    const [commit, ref] = line.split("\t")
    return commit && ref ? [[ref, commit] as const] : []
  })
  // What an annotated tag stands for comes after the tag itself, with ^{} behind its name.
  return new Map(rows.map(([ref, commit]) => [ref.replace("^{}", ""), commit]))
}
