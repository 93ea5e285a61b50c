/** What the farm says when it refuses something: one line that names where, what was expected and what would work. */
export class FarmError extends Error {
  override name = "FarmError"
}

/** Names a list of valid values in an error, sorted. */
export function choices(values: Iterable<string>): string {
  return [...values].sort().join(", ")
}
