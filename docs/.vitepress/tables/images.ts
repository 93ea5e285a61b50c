import { readFileSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import type { Distro } from "../../../src/core/catalog/distro.ts"
import { Init, PLATFORMS, Profile, RECIPES } from "../../../src/core/catalog/profiles.ts"
import { xorgVersions } from "../../../src/core/plan/components.ts"
import { markdownTable } from "../../../src/core/table.ts"
import { farm, ROOT } from "../../../test/support/catalog.ts"

const provenSchema = z.strictObject({
  distros: z.array(z.string()).nonempty(),
  profile: z.enum(Profile),
  inits: z.array(z.enum(Init)).nonempty(),
  platform: z.enum(PLATFORMS),
  emulated: z.boolean().default(false),
  how: z.string().endsWith("."),
  tests: z.array(z.string()).nonempty(),
})

/** Images that tests build and boot, and how. */
export type Proven = z.infer<typeof provenSchema>

/** What is proven, as far as anything is: an image without a row is planned only. */
export const PROVEN: Proven[] = z.array(provenSchema).parse(JSON.parse(readFileSync(join(ROOT, "docs/data/proven.json"), "utf8")))

const { distros, families } = farm()

/** The distros of which tests build an image. */
export const provenDistros = new Set(PROVEN.flatMap((row) => row.distros))

const shortOf = (platform: string) => platform.replace("linux/", "")

function provenOf(distro: string, profile: string): string {
  const rows = PROVEN.filter((row) => row.distros.includes(distro) && row.profile === profile)
  const platforms = new Map(rows.map(({ platform, emulated }) => [platform, emulated ? ", emulated" : ""]))
  const shown = PLATFORMS.flatMap((platform) => (platforms.has(platform) ? [`${shortOf(platform)}${platforms.get(platform)}`] : []))
  return shown.join("; ") || "planned only"
}

function xserverOf({ family }: Distro, profile: Profile): string {
  const own = families.get(family)
  return RECIPES[profile].fromSource && own ? (xorgVersions(own)[0] ?? "") : "the distro's"
}

const endOf = ({ eol }: Distro) => eol ?? "rolling"

/** Every image that can be built, a row for each distro and profile. */
export function imagesTable(): string {
  const rows = [...distros.values()].flatMap((distro) =>
    (Object.entries(distro.profiles) as [Profile, NonNullable<Distro["profiles"][Profile]>][]).map(([profile, { inits, size, budget }]) => {
      const measured = inits.flatMap((init) => (size[init] ? [`${size[init]} MB`] : []))
      return [
        distro.title,
        `\`${distro.name}\``,
        `${profile} (${inits.join(", ")})`,
        distro.platforms.map(shortOf).join(", "),
        xserverOf(distro, profile),
        measured.join(", ") || `at most ${budget} MB`,
        endOf(distro),
        provenOf(distro.name, profile),
      ]
    }),
  )
  return markdownTable([["image", "distro", "profile (init)", "platforms", "X server", "size", "end of life", "proven on"], ...rows])
}

/** How long each distro's images get its fixes. */
export function supportTable(): string {
  const rows = [...distros.values()].map((distro) => [
    distro.title,
    `\`${distro.name}\``,
    Object.keys(distro.profiles).join(", "),
    endOf(distro),
  ])
  return markdownTable([["image", "distro", "profiles", "end of life"], ...rows])
}

/** What tests do with which image, and which images are planned only. */
export function provenTable(): string {
  const rows = PROVEN.map((row) => [row.distros.join(", "), `${row.profile} (${row.inits.join(", ")})`, row.platform, row.how])
  const planned = (Object.values(Profile) as Profile[]).flatMap((profile) =>
    PLATFORMS.flatMap((platform) => {
      const names = [...distros.values()].flatMap((distro) => {
        const isMade = distro.profiles[profile] && distro.platforms.includes(platform)
        const isProven = PROVEN.some((row) => row.distros.includes(distro.name) && row.profile === profile && row.platform === platform)
        return isMade && !isProven ? [distro.name] : []
      })
      return names.length ? [[names.join(", "), profile, platform, "Planned only: a snapshot of the plan."]] : []
    }),
  )
  return markdownTable([["distro", "profile (init)", "platform", "how"], ...rows, ...planned])
}
