import { describe, expect, test } from "vitest"
import { languageOf } from "../../src/core/catalog/languages.ts"
import { LANGUAGES } from "../../src/core/plan/labels.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { farm, pins } from "../support/catalog.ts"

/** The plan of a distro that speaks them. */
const speaking = (languages: string[], parent = "bookworm") =>
  plan(farm({ "mine/distro.json": { name: "mine", extends: parent, languages } }), pins(), {
    distro: "mine",
    platform: "linux/amd64",
  })

describe("a language is a BCP 47 tag, whose territory and script are the likely ones", () => {
  test.each([
    ["de", "de_DE", "latn"],
    ["de-AT", "de_AT", "latn"],
    ["pt", "pt_BR", "latn"],
    ["nb", "nb_NO", "latn"],
    ["ar", "ar_EG", "arab"],
    ["ja", "ja_JP", "jpan"],
    ["ko", "ko_KR", "kore"],
    ["zh", "zh_CN", "hans"],
    ["zh-TW", "zh_TW", "hant"],
    ["zh-Hant", "zh_TW", "hant"],
  ])("%s is %s in %s", (tag, locale, script) => expect(languageOf(tag)).toEqual({ locale, script }))

  test.each(["", "xx", "german", "de_DE", "de_DE.UTF-8", "de-XX", "es-419", "sr-Latn", "zh-Hant-CN", "-x", "*", "../de"])(
    "%j is none",
    (tag) => expect(languageOf(tag)).toBeUndefined(),
  )
})

describe("a distro's languages", () => {
  const added = (languages: string[], parent = "bookworm") => {
    const { packages } = speaking([], parent)
    return speaking(languages, parent).packages.filter((name) => !packages.includes(name))
  }

  test("are none by default", () => {
    expect(speaking([])).toMatchObject({ languages: [], labels: expect.not.objectContaining({ [LANGUAGES]: expect.anything() }) })
    expect(speaking([]).packages).toEqual(plan(farm(), pins(), { distro: "bookworm", platform: "linux/amd64" }).packages)
  })

  test("are locales, a label, translations that stay, and packages by script", () => {
    const { languages, labels, packageManager } = speaking(["de", "zh-TW"])
    expect(languages).toEqual(["de_DE", "zh_TW"])
    expect(labels[LANGUAGES]).toBe("de_DE zh_TW")
    const { exclude } = packageManager
    expect(exclude.slice(exclude.indexOf("var/log/*") + 1)).toEqual(
      ["de", "de@*", "de_DE", "zh", "zh@*", "zh_TW"].map((name) => `!usr/share/locale/${name}`),
    )
    expect(added(["de"])).toEqual(["fonts-noto-color-emoji", "locales"])
    expect(added(["de", "zh-TW"])).toEqual([
      "fcitx5",
      "fcitx5-chewing",
      "fcitx5-frontend-gtk3",
      "fonts-noto-cjk",
      "fonts-noto-color-emoji",
      "locales",
    ])
  })

  test("have packages of their own where the family names those by language", () => {
    expect(added(["de", "de-AT", "ja"], "rocky-9")).toEqual([
      "glibc-langpack-de",
      "glibc-langpack-ja",
      "google-noto-emoji-color-fonts",
      "google-noto-sans-cjk-ttc-fonts",
    ])
  })

  test("take the place of those of the distro that it extends, and their roles can be changed", () => {
    const parent = { name: "parent", extends: "bookworm", languages: ["ja"] }
    const child = { name: "mine", extends: "parent", languages: ["ko"], packages: { "languages-kore": { remove: ["fcitx5-hangul"] } } }
    const both = farm({ "parent/distro.json": parent, "mine/distro.json": child })
    const planned = plan(both, pins(), { distro: "mine", platform: "linux/amd64" })
    expect(planned.languages).toEqual(["ko_KR"])
    expect(planned.packages).toContain("fcitx5")
    expect(planned.packages).not.toContain("fcitx5-hangul")
  })

  test.each([
    [
      ["german"],
      /^distros\/mine\/distro\.json: languages\[0\]: expected a language's BCP 47 tag, such as de, pt-BR or zh-TW, got "german"$/,
    ],
    [["de", "de_DE"], /languages\[1\]: expected a language's BCP 47 tag.*, got "de_DE"$/],
  ])("%j are refused in one line", (languages, line) => expect(() => speaking(languages)).toThrow(line))
})
