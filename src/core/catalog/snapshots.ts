import { z } from "zod"

const day = z.iso.date("expected a date such as 2026-11-23")

/** An archive, as a package manager's files name it. */
export const archiveName = z.string().regex(/^[A-Za-z0-9._:/-]+$/, "expected a repository's name or the end of an archive's address")

/** An archive of packages as it was on earlier days. */
export const snapshotSchema = z.strictObject({
  archive: archiveName.describe(
    "The archive, as the package manager's files name it: a repository's name, or for apt the end of its address.",
  ),
  address: z
    .string()
    .regex(
      /^https?:\/\/([A-Za-z0-9._~/%:$-]|\{(year|month|day)\})+$/,
      "expected an http or https address, in which {year}, {month} and {day} stand for a date's",
    )
    .describe("Where it is found as it was on a day, of which {year}, {month} and {day} are filled in."),
  since: day.optional().describe("The first day that there is."),
  until: day.optional().describe("The last one; yesterday by default."),
})
