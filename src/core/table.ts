import { markdownTable as align } from "markdown-table"

/** Rows as a Markdown table, the first of them its head; a bar in a cell is no border. */
export function markdownTable(rows: string[][]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")))
  return align(cells, { alignDelimiters: false })
}

/** Rows of text as lines, with the cells of a column below one another. */
export function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)))
  const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] as number)).join("  ")
  return rows.map((row) => line(row).trimEnd()).join("\n")
}
