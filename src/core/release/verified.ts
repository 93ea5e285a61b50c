import type { Attested } from "../attest/predicates.ts"
import { FarmError } from "../errors.ts"
import type { Order, Publication } from "./targets.ts"

/** What a check of one index came to: what each platform's attestations tell, or why it isn't to be trusted. */
export interface Verified {
  publication: Publication
  digest?: string
  images: Map<string, Attested>
  reason?: string
}

/** A check in lines for people: one for each platform of each tag, why others failed, and the counts; throws them where one failed. */
export function verification({ repository }: Pick<Order, "repository">, all: Verified[]): string {
  const lines = all.flatMap(({ publication: { repository: image, tag }, digest, images, reason }) => {
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
