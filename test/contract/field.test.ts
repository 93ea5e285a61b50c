import { describe, expect, test } from "vitest"
import { REPORTED, type Reported } from "../../docs/.vitepress/tables/field.ts"
import { Profile } from "../../src/core/catalog/profiles.ts"

const OUTCOME = /^(not tried yet|right(: \S.{15,})?|failed, mended: \S.{15,}|open: \S.{15,})$/

/** What is wrong with a report's row. */
function problemsOf({ number, report, date, inferred, profiles, situation, right, try: how, outcome }: Reported): string[] {
  const held: [boolean, string][] = [
    [/^[\w.-]+\/[\w.-]+#\d+$/.test(report), `${report}: expected owner/name#number`],
    [/^\d{4}-\d\d(-\d\d)?$/.test(date) && date >= "2024-11" && date < "2026-12", `${date}: expected 2024-11 to 2026-11`],
    [date.length === 10 || (inferred ?? "").length > 10, `${date}: expected a day, or what the month was inferred from`],
    [profiles.length > 0 && profiles.every((one) => (Object.values(Profile) as string[]).includes(one)), `${profiles}: expected profiles`],
    [
      [situation, right, how].every((text) => /^.{20,}\.$/.test(text)),
      "expected a situation, what is right and how to try it, in sentences",
    ],
    [OUTCOME.test(outcome), `${outcome}: expected not tried yet, right, right: …, failed, mended: … or open: …`],
  ]
  return held.filter(([kept]) => !kept).map(([, problem]) => `${number}: ${problem}`)
}

describe("docs/data/field.json", () => {
  test("has at least thirty reports, numbered and each of them once", () => {
    expect(REPORTED.length).toBeGreaterThanOrEqual(30)
    expect(REPORTED.map(({ number }) => number)).toEqual(REPORTED.map((_, at) => `R${String(at + 1).padStart(2, "0")}`))
    expect(new Set(REPORTED.map(({ report }) => report.toLowerCase())).size).toBe(REPORTED.length)
  })

  test("says of each of them what, when, what is right, how to try it and what came of it", () => {
    expect(REPORTED.flatMap(problemsOf)).toEqual([])
  })

  const [row] = REPORTED as [Reported]

  test.each<[string, Partial<Reported>, string]>([
    [
      "an address for a report",
      { report: "https://github.com/a/b/issues/1" },
      "https://github.com/a/b/issues/1: expected owner/name#number",
    ],
    ["a date of before", { date: "2024-10-31" }, "2024-10-31: expected 2024-11 to 2026-11"],
    ["a month from nowhere", { date: "2025-03", inferred: undefined }, "2025-03: expected a day, or what the month was inferred from"],
    ["another profile", { profiles: ["web"] }, "web: expected profiles"],
    ["no way to try it", { try: "" }, "expected a situation, what is right and how to try it, in sentences"],
    ["a word for an outcome", { outcome: "failed" }, "failed: expected not tried yet, right, right: …, failed, mended: … or open: …"],
    [
      "nothing that was mended",
      { outcome: "failed, mended: " },
      "failed, mended: : expected not tried yet, right, right: …, failed, mended: … or open: …",
    ],
  ])("%s is seen", (_, changed, problem) => expect(problemsOf({ ...row, ...changed })).toEqual([`${row.number}: ${problem}`]))

  test.each(["right", "failed, mended: common/smoke/common/places.bats has it", "open: nothing here has such a kernel"])(
    "`%s` is an outcome",
    (outcome) => expect(problemsOf({ ...row, outcome })).toEqual([]),
  )
})
