import { Profile } from "../../../src/core/catalog/profiles.ts"
import { rangesOf, type Setting, settingsOf } from "./settings.ts"

type Schema = Record<string, unknown>

/** What a chart's values have elsewhere, and what charts of others alone take. */
const ELSEWHERE = ["PASSWORD", "VIEW_PASSWORD", "PROXY_SECRET", "SUDO"]

const SECRETS = { password: "PASSWORD", viewPassword: "VIEW_PASSWORD", proxySecret: "PROXY_SECRET" }

/** What a desktop without root may leave to its cluster; the chart's templates ask for it otherwise. */
const NOT_WITHOUT_ROOT = "UID"

const settings = settingsOf(Profile.Helios)

/** The settings of the image that are values of the chart. */
export const CHART_SETTINGS: Setting[] = settings.filter(({ name }) => !ELSEWHERE.includes(name))

/** Where a group that opens at the start of an expression ends. */
function endOfGroup(text: string): number {
  let [depth, isClass] = [0, false]
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (letter === "\\") at++
    else if (isClass) isClass = letter !== "]"
    else if (letter === "[") isClass = true
    else if (letter === "(") depth++
    else if (letter === ")" && --depth === 0) return at + 1
  }
  throw new Error(`${text}: expected a group that ends`)
}

/** An expression in what Go and JavaScript both know: Go has no lookahead, so what one at the start excludes is a second expression. */
export function expressionFor(pattern: string): Schema {
  let rest = pattern.slice(1)
  const excluded: string[] = []
  while (rest.startsWith("(?!")) {
    const end = endOfGroup(rest)
    excluded.push(rest.slice(3, end - 1))
    rest = rest.slice(end)
  }
  if (!pattern.startsWith("^") || rest.includes("(?")) throw new Error(`${pattern}: expected ^, and lookaheads right after it alone`)
  const known = `^${rest.replaceAll(/\\u00([0-9a-f]{2})/g, "\\x$1")}`
  return { pattern: known, ...(excluded.length && { not: { pattern: `^(${excluded.join("|")})` } }) }
}

/** What YAML makes of words: on and off are true and false, 1.5 is a number. */
function withYaml(words: string[]): unknown[] {
  const known: Record<string, boolean> = { on: true, off: false }
  return [...words, ...words.flatMap((word) => known[word] ?? (/^[\d.]+$/.test(word) ? Number(word) : []))]
}

/** From the least to the most, without the gaps between: one line says what is wrong, where anyOf would say it for each range. */
function rangeFor(ranges: ReturnType<typeof rangesOf>): Schema {
  const [{ type, minimum, exclusiveMinimum }] = ranges
  const gaps = ranges.slice(1).map((range, at) => ({ minimum: (ranges[at]?.maximum ?? 0) + 1, maximum: (range.minimum ?? 0) - 1 }))
  const not = gaps.length && { not: { anyOf: gaps } }
  const least = exclusiveMinimum === undefined ? { minimum } : { exclusiveMinimum }
  return { type, ...least, maximum: ranges.at(-1)?.maximum, ...not }
}

function schemaFor(setting: Setting): Schema {
  const ranges = rangesOf(setting)
  const [{ type, enum: words, pattern, ...rest }] = ranges
  const description = setting.range ? `${setting.meaning} Expected: ${setting.range}.` : setting.meaning
  if (type !== "string") return { description, ...rangeFor(ranges) }
  if (words) return { description, enum: withYaml(words) }
  return { description, type, ...rest, ...(pattern && expressionFor(pattern)) }
}

/** The lengths of a password, whose value no message is to show. */
function secretFor(name: string): Schema {
  const [{ minLength, maxLength }] = rangesOf(settings.find((one) => one.name === name) as Setting)
  return { type: ["string", "null"], minLength, maxLength }
}

/** The names of values that hold for a release and not for a desktop. */
const OF_RELEASE = ["desktops", "global", "nameOverride", "fullnameOverride"]

// biome-ignore lint/suspicious/noExplicitAny: a schema is as deep as it is
type Deep = any

/** A chart's schema of values with what comes from the settings' data, and with what a desktop of a list may override, filled in. */
export function fillChartSchema(schema: Deep): Deep {
  const filled = structuredClone(schema)
  filled.$defs.settings.properties = Object.fromEntries(CHART_SETTINGS.map((one) => [one.name, schemaFor(one)]))
  for (const [value, name] of Object.entries(SECRETS)) filled.properties.secret.properties[value] = secretFor(name)
  filled.properties.settings.required = CHART_SETTINGS.flatMap(({ name, required }) =>
    required && name !== NOT_WITHOUT_ROOT ? [name] : [],
  )
  const { items } = filled.properties.desktops
  const own = Object.keys(filled.properties).filter((name) => !OF_RELEASE.includes(name))
  items.properties = {
    name: items.properties.name,
    ...Object.fromEntries(own.map((name) => [name, { $ref: name === "settings" ? "#/$defs/settings" : `#/properties/${name}` }])),
  }
  return filled
}
