import type { Attestations } from "../attest/predicates.ts"
import { FarmError } from "../errors.ts"
import type { DatedReleasePlan, ReleaseTarget } from "./targets.ts"

/** The check of one index: the attestations of each platform's image, or the reason not to trust it. */
export interface VerifyOutcome {
  target: ReleaseTarget
  digest?: string
  images: Map<string, Attestations>
  reason?: string
}

/** Formats the checks: a line per platform of each tag, the reasons of failures, and the counts; throws that text if one failed. */
export function formatVerification({ repository }: Pick<DatedReleasePlan, "repository">, all: VerifyOutcome[]): string {
  const lines = all.flatMap(({ target: { repository: image, tag }, digest, images, reason }) => {
    if (reason !== undefined) return [reason]
    const platforms = [...images].map(
      ([platform, { packages, tests, scan }]) =>
        `  ${platform}: ${tests.passedTests.length} promises kept, ${packages.length} packages, ${scan.patched} vulnerabilities patched, ${scan.excepted.length} excepted`,
    )
    return [`verified ${repository}/${image}:${tag} is ${digest}`, ...platforms]
  })
  const failed = all.filter(({ reason }) => reason !== undefined).length
  const told = [...lines, "", `${all.length - failed} verified, ${failed} failed`].join("\n")
  if (failed) throw new FarmError(told)
  return `${told}\n`
}
