import { FarmError } from "../errors.ts"
import { table } from "../table.ts"
import type { Order, Publication } from "./targets.ts"

/** What became of one index of a release. */
export interface Published {
  publication: Publication
  state: "published" | "unchanged" | "failed"
  /** Of the index, where there is one. */
  digest?: string
  /** Why it failed, and what. */
  reason?: string
}

/** What is done for each index, with what was opened for it. */
export type Work<T> = (opened: T, all: Publication[]) => Promise<Published[]>

/** What a release came to, in lines; throws them where one failed. */
export function told({ repository }: Pick<Order, "repository">, all: Published[]): string {
  const lines = report(repository, all)
  if (all.some(({ state }) => state === "failed")) throw new FarmError(lines)
  return `${lines}\n`
}

/** A line for each index, why those that failed did, and the counts. */
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

/** What an order would publish, a line each: the tag that moves, the twin that stays, and the platforms; one line when it is nothing. */
export function listed({ ref, repository, publications }: Order): string {
  if (!publications.length) return `${ref} publishes nothing: main, testing and tags such as v1.2.3 do\n`
  const lines = publications.map((one) => [`${repository}/${one.repository}:${one.tag}`, one.twin, one.platforms.join(", ")])
  return `${table([["TAG", "TWIN", "PLATFORMS"], ...lines])}\n`
}
