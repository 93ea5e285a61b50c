import type { Profile } from "../../../src/core/catalog/profiles.ts"
import { callsTable } from "./calls.ts"
import { costsTable } from "./costs.ts"
import { fieldTable } from "./field.ts"
import { imagesTable, provenTable, supportTable } from "./images.ts"
import { promisesTable } from "./promises.ts"
import { settingsTable } from "./settings.ts"

/** Every table that pages take from data, by its name. */
const TABLES: Record<string, (of: string) => string> = {
  calls: callsTable,
  costs: costsTable,
  field: fieldTable,
  images: imagesTable,
  promises: promisesTable,
  proven: provenTable,
  settings: (of) => settingsTable(of as Profile),
  support: supportTable,
}

/** A page with its tables as the data has them now, each between comments that name it. */
export function fillTables(page: string): string {
  return page.replaceAll(/^<!-- table: (\w+)(?: (\w+))? -->\n[\s\S]*?^<!-- \/table -->$/gm, (_, name: string, of = "") => {
    const table = TABLES[name]
    if (!table) throw new Error(`table: ${name}: expected one of ${Object.keys(TABLES).join(", ")}`)
    return `<!-- table: ${[name, of].filter(Boolean).join(" ")} -->\n\n${table(of)}\n\n<!-- /table -->`
  })
}
