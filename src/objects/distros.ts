import { func, object } from "@dagger.io/dagger"
import { type DistroRow, distroRows, distroTable } from "../verbs/distro-table.ts"
import type { Farm } from "../verbs/farm.ts"

/** The desktops of a farm with their table. Rows are made when they are asked for, as Dagger looks at each field of each row by itself. */
export function distrosOf(farm: Farm): Distros {
  const rows = distroRows(farm)
  return Object.assign(new Distros(), { listed: JSON.stringify(rows), summary: distroTable(rows) })
}

/** Every desktop that can be built. */
@object()
export class Distros {
  private listed: string

  /** All that decides between them, a line for each distro and profile. */
  @func()
  summary: string

  /** A row for each distro and profile, sorted by name; Dagger takes seconds to look hundreds up. `dagger call distros rows title` */
  @func()
  rows(): DistroRow[] {
    return JSON.parse(this.listed)
  }
}
