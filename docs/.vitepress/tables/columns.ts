import { markdownTable } from "../../../src/core/table.ts"

/** Things as a Markdown table, a row each: what a column has of one stands beside its heading. */
export function tableOf<Thing>(things: Thing[], columns: Record<string, (thing: Thing) => string>): string {
  return markdownTable([Object.keys(columns), ...things.map((thing) => Object.values(columns).map((cell) => cell(thing)))])
}
