/** Rows as a Markdown table, the first of them its head. */
export function markdownTable(rows: string[][]): string {
  const [head = [], ...rest] = rows
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
  return [head, head.map(() => "---"), ...rest].map(line).join("\n")
}

/** Rows of text as lines, with the cells of a column below one another. */
export function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)))
  const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] as number)).join("  ")
  return rows.map((row) => line(row).trimEnd()).join("\n")
}
