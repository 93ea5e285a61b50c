import { z } from "zod"

/** What a language takes in an image. */
export interface Language {
  /** Its own code and its territory's, as the C library names a locale: `de_DE`. */
  locale: string
  /** The script that it is written in, by ISO 15924 in lower case: `latn`. */
  script: string
}

/** The language of a BCP 47 tag, such as `de`, `pt-BR` or `zh-TW`; undefined for what is none, or for a script that isn't its territory's. */
export function languageOf(tag: string): Language | undefined {
  const { language, script, region } = likely(tag) ?? {}
  if (!language || !script || !region || !named("language", language) || !/^[A-Z]{2}$/.test(region) || !named("region", region)) return
  // The C library's locales have a script of their own by other names than these.
  if (likely(`${language}-${region}`)?.script !== script) return
  return { locale: `${language}_${region}`, script: script.toLowerCase() }
}

/** What distro.json names a language by. */
export const languageTag = z
  .string()
  .refine((tag) => languageOf(tag) !== undefined, "expected a language's BCP 47 tag, such as de, pt-BR or zh-TW")

/** The roles of packages that languages bring: one for all of them, and one for each script. */
export function languageRoles(tags: string[]): string[] {
  return tags.length ? ["languages", ...tags.map((tag) => `languages-${languageOf(tag)?.script}`)] : []
}

/** Patterns of the translations of a locale's language. */
export function translations(locale: string): string[] {
  const [language] = locale.split("_")
  return [`usr/share/locale/${language}`, `usr/share/locale/${language}@*`, `usr/share/locale/${locale}`]
}

/** The tag with the script and the territory that it most likely means, as Unicode's CLDR says. */
function likely(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag).maximize()
  } catch {
    return undefined
  }
}

function named(type: "language" | "region", code: string): boolean {
  return new Intl.DisplayNames("en", { type, fallback: "none" }).of(code) !== undefined
}
