import type { File } from "@dagger.io/dagger"
import { type Cell, changedMatrix, matrix } from "../core/catalog/matrix.ts"
import { type Farm, farmText } from "./farm.ts"

/** Every image as a cell of the matrix, or those alone that a change affects, whose paths a file lists. */
export async function cells({ catalog }: Farm, changed?: File): Promise<Cell[]> {
  return changed ? changedMatrix(catalog, await changed.contents(), farmText("dagger.json")) : matrix(catalog)
}
