/**
 * @typedef {{ name: string, value: number, unit: "s" | "ms" | "x" | "B" | "B/s" | "/s" | "", bar?: number, sense?: "at most" | "at least", ok?: boolean,
 *   note?: string }} Figure
 */

/** A figure, judged against its bar if it has one: `{ most: 2 }` or `{ least: 1 }`. @returns {Figure} */
export function figure(name, value, unit, { most, least, note } = {}) {
  const bar = most ?? least
  const judged = bar === undefined ? {} : { bar, sense: most === undefined ? "at least" : "at most", ok: false }
  if (bar !== undefined) judged.ok = most === undefined ? value >= least : value <= most
  return { name, value: Number(value.toPrecision(6)), unit, ...judged, ...(note ? { note } : {}) }
}

/** The value below which that share of the samples lies, by the nearest rank. */
export function percentile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}

export const median = (samples) => percentile(samples, 0.5)

const SHOWN = {
  "": String,
  "/s": (value) => `${value.toFixed(1)} /s`,
  B: (value) => (value >= 1e6 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e3).toFixed(1)} kB`),
  "B/s": (value) => `${(value / 1e6).toFixed(2)} MB/s`,
  ms: (value) => `${value.toFixed(1)} ms`,
  s: (value) => `${value.toFixed(2)} s`,
  x: (value) => `${value.toFixed(2)} ×`,
}

/** A value with its unit, for people. */
export const show = (value, unit) => SHOWN[unit](value)

/** A bar as people read it, or nothing. */
export function showBar({ bar, sense, unit }) {
  return bar === undefined ? "" : `${sense === "at most" ? "≤" : "≥"} ${show(bar, unit)}`
}

/** A line for each figure: name, value, bar, verdict. */
export function table(figures) {
  const rows = figures.map((each) => [
    each.name,
    show(each.value, each.unit),
    showBar(each),
    each.ok === undefined ? "" : each.ok ? "ok" : "OVER",
  ])
  const all = [["figure", "value", "bar", ""], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column].length)))
  const line = (row) => `${row[0].padEnd(widths[0])}  ${row[1].padStart(widths[1])}  ${row[2].padStart(widths[2])}  ${row[3]}`
  return all.map((row) => line(row).trimEnd()).join("\n")
}
