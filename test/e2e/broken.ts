import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Results } from "../../src/core/report.ts"
import type { Defect } from "./breaks/defect.ts"
import { reportFolder } from "./farm.ts"

/** One break and the check that was seen to fail on it. */
export interface Break {
  name: string
  promise: string
  check: string
}

const HEAD = "| promise | broken image | check that failed |\n| --- | --- | --- |\n"

/** Adds rows to the table of broken images for people to read, in place of what an earlier run had for them. */
export function recordBreaks(breaks: Break[]): void {
  const path = join(reportFolder(), "broken.md")
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ")
  const rows = new Map<string, string>()
  const old = existsSync(path) ? readFileSync(path, "utf8").slice(HEAD.length).split("\n").filter(Boolean) : []
  for (const row of old) rows.set(row.split(" | ").slice(0, 2).join(" | "), row)
  for (const { name, promise, check } of breaks) rows.set(`| ${promise} | ${cell(name)}`, `| ${promise} | ${cell(name)} | ${cell(check)} |`)
  writeFileSync(path, `${HEAD}${[...rows.values()].sort().join("\n")}\n`)
}

/** The checks of a defect's promise that failed. */
export function failedChecks({ outcomes }: Results, { promise }: Defect) {
  return outcomes.find((outcome) => outcome.promise === promise)?.checks.filter(({ status }) => status === "failed") ?? []
}

/** The name of the check that failed on a defect for the right reason. */
export function caught(results: Results, defect: Defect): string | undefined {
  return failedChecks(results, defect).find(({ name, detail }) => defect.check.test(name) && defect.reason.test(detail))?.name
}
