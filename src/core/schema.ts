import { z } from "zod"
import { FarmError } from "./errors.ts"

/** A digest as OCI writes it. */
export const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/, "expected sha256: and 64 hexadecimal digits")

/** A JSON file of the farm, typed by a schema; throws one line: file, field, what was expected and what was got. */
export function parseFile<T>(file: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new FarmError(`${file}: expected JSON, got ${(cause as Error).message}`, { cause })
  }
  return parseValue(file, value, schema)
}

/** A value, typed by a schema; throws such a line, in which `file` is where it was read. */
export function parseValue<T>(file: string, value: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0] as z.core.$ZodIssue
  throw new FarmError(`${file}: ${describe(issue, value)}`, { cause: result.error })
}

function describe(issue: z.core.$ZodIssue, root: unknown): string {
  const at = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("")
  const got = JSON.stringify(issue.path.reduce<unknown>((value, key) => (value as never)?.[key], root)) ?? "nothing"
  const field = at.replace(/^\./, "") || "the file"
  switch (issue.code) {
    case "unrecognized_keys":
      return `${field}: unknown field ${issue.keys.map((key) => `"${key}"`).join(", ")}`
    case "invalid_type":
      return `${field}: expected ${issue.expected}, got ${got}`
    case "invalid_value":
      return `${field}: expected one of ${issue.values.join(", ")}, got ${got}`
    default:
      return `${field}: ${issue.message}, got ${got}`
  }
}
