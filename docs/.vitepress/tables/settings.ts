import { readFileSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import { Profile } from "../../../src/core/catalog/profiles.ts"
import { ROOT } from "../../../test/support/catalog.ts"
import { tableOf } from "./columns.ts"

/** What a value may be, in the words of JSON Schema that charts of Kubernetes use as well. */
const oneSchema = z.strictObject({
  type: z.enum(["string", "integer", "number"]),
  enum: z.array(z.string()).optional(),
  pattern: z.string().optional(),
  minLength: z.int().optional(),
  maxLength: z.int().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
})
const valueSchema = z.union([oneSchema, z.strictObject({ anyOf: z.array(oneSchema).nonempty() })])

const settingSchema = z.strictObject({
  name: z.string().regex(/^[A-Z][A-Z_]*$/),
  profiles: z.array(z.enum(Profile)).nonempty(),
  required: z.boolean().default(false),
  default: z.string().nullable(),
  /** What holds if it isn't set and has no default. */
  otherwise: z.string().optional(),
  schema: valueSchema,
  /** What a value may be in words, if the schema is no list of values or range of numbers. */
  range: z.string().optional(),
  meaning: z.string().endsWith("."),
  /** The first version that has it. */
  since: z.string(),
})

/** An environment variable that an image takes. */
export type Setting = z.infer<typeof settingSchema>

/** Every setting of both profiles. A name is there twice if the profiles take it for different things. */
export const SETTINGS: Setting[] = z.array(settingSchema).parse(JSON.parse(readFileSync(join(ROOT, "docs/data/settings.json"), "utf8")))

/** The settings of a profile. */
export function settingsOf(profile: Profile): Setting[] {
  return SETTINGS.filter(({ profiles }) => profiles.includes(profile))
}

type Range = z.infer<typeof oneSchema>

/** The parts of a setting's range: most have one. */
export function rangesOf({ schema }: Setting): [Range, ...Range[]] {
  return "anyOf" in schema ? (schema.anyOf as [Range, ...Range[]]) : [schema]
}

const code = (text: string) => `\`${text}\``

function rangeOf(setting: Setting): string {
  const [{ enum: values, minimum, maximum, exclusiveMinimum }] = rangesOf(setting)
  if (setting.range) return setting.range
  if (values) return values.map(code).join(", ")
  return exclusiveMinimum === undefined ? `${minimum} to ${maximum}` : `more than ${exclusiveMinimum}, ${maximum} at most`
}

function defaultOf({ required, default: value, otherwise }: Setting): string {
  if (required) return "must be set"
  return value === null ? (otherwise ?? "none") : code(value)
}

/** The settings of a profile as a table. */
export function settingsTable(profile: Profile): string {
  return tableOf(settingsOf(profile), {
    variable: ({ name }) => code(name),
    meaning: ({ meaning }) => meaning,
    type: (one) => rangesOf(one)[0].type,
    range: rangeOf,
    default: defaultOf,
    since: ({ since }) => since,
  })
}
