import type { File } from "@dagger.io/dagger"
import { supportedCatalog } from "../core/catalog/end-of-life.ts"
import { type Cell, changedMatrix, matrix } from "../core/catalog/matrix.ts"
import { type Farm, farmText } from "./farm.ts"

/**
 * Every image of the distros that get fixes on a day as a cell of the matrix, or those alone that a change affects, whose paths a file
 * lists. Each other distro is told.
 */
export async function cells(farm: Farm, today: string, changed?: File): Promise<Cell[]> {
  const { catalog, leftOut } = supportedCatalog(farm.catalog, today)
  for (const line of leftOut) console.warn(line)
  return changed ? changedMatrix(catalog, await changed.contents(), farmText("dagger.json")) : matrix(catalog)
}
