import { FarmError } from "../errors.ts"
import { table } from "../table.ts"
import type { DatedReleasePlan, ReleaseTarget } from "./targets.ts"

/** The outcome for one target of a release. */
export interface TargetOutcome {
  target: ReleaseTarget
  state: "published" | "unchanged" | "absent" | "failed"
  /** Of the index, if there is one. */
  digest?: string
  /** Why it failed, and what; or what there is nothing of to promote. */
  reason?: string
}

/** A verb of releases: its outcome for each target. */
export type Work<T> = (opened: T, all: ReleaseTarget[]) => Promise<TargetOutcome[]>

/** Formats the outcome, one line per tag; throws that text if a tag failed. */
export function formatOutcome({ repository }: Pick<DatedReleasePlan, "repository">, all: TargetOutcome[]): string {
  const lines = report(repository, all)
  if (all.some(({ state }) => state === "failed")) throw new FarmError(lines)
  return `${lines}\n`
}

/** Formats the outcome: a line per tag, the reasons of failures, and the counts. */
export function report(repository: string, all: TargetOutcome[]): string {
  const lines = all.map(({ target: { repository: image, tag }, state, digest }) =>
    [state.padEnd(9), `${repository}/${image}:${tag}`, ...(digest ? [`is ${digest}`] : ["was not moved"])].join(" "),
  )
  const reasons = all.flatMap(({ reason }) => (reason ? [`\n${reason}`] : []))
  const count = (wanted: TargetOutcome["state"]) => all.filter(({ state }) => state === wanted).length
  const absent = count("absent") ? [`${count("absent")} absent`] : []
  const counts = [`${count("published")} published`, `${count("unchanged")} unchanged`, ...absent, `${count("failed")} failed`]
  return [...lines, ...reasons, "", counts.join(", ")].join("\n")
}

/** Lists what a plan publishes: each tag, its immutable tag and the platforms; one line if that is nothing. */
export function formatTargets({ ref, repository, targets }: DatedReleasePlan): string {
  if (!targets.length) return `${ref} publishes nothing: main, testing and tags such as v1.2.3 do\n`
  const lines = targets.map((one) => [`${repository}/${one.repository}:${one.tag}`, one.immutableTag, one.platforms.join(", ")])
  return `${table([["TAG", "IMMUTABLE TAG", "PLATFORMS"], ...lines])}\n`
}
