import type { Publication } from "./channels.ts"

/** What became of one index of a release. */
export interface Published {
  publication: Publication
  state: "published" | "unchanged" | "failed"
  /** Of the index, where there is one. */
  digest?: string
  /** Why it failed, and what. */
  reason?: string
}

/** What a release came to: a line for each index, why those that failed did, and the counts. */
export function report(repository: string, all: Published[]): string {
  const lines = all.map(({ publication: { repository: image, tag }, state, digest }) =>
    [state.padEnd(9), `${repository}/${image}:${tag}`, ...(digest ? [`is ${digest}`] : ["stays as it was"])].join(" "),
  )
  const reasons = all.flatMap(({ reason }) => (reason ? [`\n${reason}`] : []))
  const count = (wanted: Published["state"]) => all.filter(({ state }) => state === wanted).length
  return [...lines, ...reasons, "", `${count("published")} published, ${count("unchanged")} unchanged, ${count("failed")} failed`].join(
    "\n",
  )
}
