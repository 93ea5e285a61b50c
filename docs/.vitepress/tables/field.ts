import { readFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "../../../test/support/catalog.ts"
import { tableOf } from "./columns.ts"

/** What somebody reported of a desktop in a container, and what Helios makes of it; a contract test holds the file to this. */
export interface Reported {
  number: string
  /** The repository and the number of the issue or pull request. */
  report: string
  /** The day of its first message, or the month if that was inferred. */
  date: string
  /** What the date was inferred from. */
  inferred?: string
  /** The profiles whose images can get there. */
  profiles: string[]
  situation: string
  right: string
  try: string
  /** `not tried yet`, `right`, `failed, mended: …` or `open: …`. */
  outcome: string
}

/** Reports of others, in the order in which they are numbered. */
export const REPORTED = JSON.parse(readFileSync(join(ROOT, "docs/data/field.json"), "utf8")) as Reported[]

/** Reports of others as a table. */
export function fieldTable(): string {
  return tableOf(REPORTED, {
    number: ({ number }) => number,
    report: ({ report, date, inferred }) => (inferred ? `${report}, about ${date} (${inferred})` : `${report}, ${date}`),
    profiles: ({ profiles }) => profiles.join(", "),
    situation: ({ situation }) => situation,
    "right outcome": ({ right }) => right,
    "how to try it": ({ try: how }) => how,
    outcome: ({ outcome }) => outcome,
  })
}
