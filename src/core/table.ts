/** Rows of text as lines, with the cells of a column below one another. */
export function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)))
  const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] as number)).join("  ")
  return rows.map((row) => line(row).trimEnd()).join("\n")
}
