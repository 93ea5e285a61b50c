import { z } from "zod"
import type { Distro } from "../catalog/distro.ts"
import type { Family } from "../catalog/family.ts"
import { FarmError } from "../errors.ts"

/** The date whose packages a caller asks for, and today's, by which its archives are dated or live. */
export interface Dates {
  asOf?: string
  today?: string
}

/** Throws for a date that is none, or that is yet to come. */
export function checkAsOf({ asOf, today }: Dates): void {
  if (asOf === undefined) return
  if (!z.iso.date().safeParse(asOf).success) throw new FarmError(`--as-of=${asOf}: expected a date such as 2026-11-23`)
  if (today && asOf > today)
    throw new FarmError(`--as-of=${asOf}: that day is yet to come, as it is ${today} in UTC; take that or an earlier one`)
}

/** Where a distro's archives are found as they were on a past day, by archive; null without a date or for today's. Throws if none is. */
export function datedArchives({ asOf, today }: Dates, distro: Distro, family: Family): Record<string, string> | null {
  checkAsOf({ asOf, today })
  if (asOf === undefined || asOf === today) return null
  const known = family.packageManager.archives ? [...distro.snapshots, ...family.snapshots] : []
  const found = known.filter(({ since = "", until = "9999" }) => since <= asOf && asOf <= until)
  if (!found.length) {
    const first = known.map(({ since = "" }) => since).sort()[0]
    const last = known
      .map(({ until = "yesterday" }) => until)
      .sort()
      .at(-1)
    const expected = known.length ? `one from ${first} to ${last}` : "no date, as none of its archives is known by date"
    throw new FarmError(`--as-of=${asOf}: ${distro.name} has no archives of that day; expected ${expected}`)
  }
  const live = [...distro.archives, ...family.archives].filter((name) => !found.some(({ archive }) => archive === name))
  if (live.length)
    throw new FarmError(
      `--as-of=${asOf}: ${distro.name} has packages of ${live.join(", ")} too, of which no past day is known; expected no date, or where that is in its distro.json, snapshots`,
    )
  const [year = "", month = "", day = ""] = asOf.split("-")
  const at = (address: string) => address.replaceAll("{year}", year).replaceAll("{month}", month).replaceAll("{day}", day)
  // Of several for one archive the first counts.
  return Object.fromEntries(found.map(({ archive, address }) => [archive, at(address)] as const).reverse())
}
