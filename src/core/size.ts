import prettyBytes from "pretty-bytes"

/** A number of bytes for people, by powers of 1000, such as 262.5 MB. */
export function formatBytes(bytes: number): string {
  return prettyBytes(bytes, { maximumFractionDigits: 1 })
}

/** By how many bytes something grew, with a sign. */
export function formatGrowth(bytes: number): string {
  return prettyBytes(bytes, { maximumFractionDigits: 1, signed: true }).trim()
}
