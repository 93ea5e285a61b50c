/** An error of the farm's own: one line that names where, what was expected and what would work. */
export class FarmError extends Error {
  override name = "FarmError"
}

/** Valid values for an error, sorted. */
export function choices(values: Iterable<string>): string {
  return [...values].sort().join(", ")
}
