import { readFileSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import type { Distro } from "../../../src/core/catalog/distro.ts"
import { Init, PLATFORMS, Profile, RECIPES } from "../../../src/core/catalog/profiles.ts"
import { xorgVersions } from "../../../src/core/plan/components.ts"
import { farm, ROOT } from "../../../test/support/catalog.ts"
import { tableOf } from "./columns.ts"

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

const code = ({ name }: Distro) => `\`${name}\``

const endOf = ({ eol }: Distro) => eol ?? "rolling"

/** Every image that can be built, a row for each distro and profile. */
export function imagesTable(): string {
  const images = [...distros.values()].flatMap((distro) =>
    (Object.entries(distro.profiles) as [Profile, NonNullable<Distro["profiles"][Profile]>][]).map(([profile, own]) => ({
      distro,
      profile,
      own,
    })),
  )
  return tableOf(images, {
    image: ({ distro }) => distro.title,
    distro: ({ distro }) => code(distro),
    "profile (init)": ({ profile, own: { inits } }) => `${profile} (${inits.join(", ")})`,
    platforms: ({ distro }) => distro.platforms.map(shortOf).join(", "),
    "X server": ({ distro, profile }) => xserverOf(distro, profile),
    size: ({ own: { inits, size, budget } }) =>
      inits.flatMap((init) => (size[init] ? [`${size[init]} MB`] : [])).join(", ") || `at most ${budget} MB`,
    "end of life": ({ distro }) => endOf(distro),
    "proven on": ({ distro, profile }) => provenOf(distro.name, profile),
  })
}

/** How long each distro's images get its fixes. */
export function supportTable(): string {
  return tableOf([...distros.values()], {
    image: ({ title }) => title,
    distro: code,
    profiles: ({ profiles }) => Object.keys(profiles).join(", "),
    "end of life": endOf,
  })
}

/** What tests do with which image, and which images are planned only. */
export function provenTable(): string {
  const proven = PROVEN.map((row) => ({ ...row, profile: `${row.profile} (${row.inits.join(", ")})` }))
  return tableOf([...proven, ...planned()], {
    distro: ({ distros }) => distros.join(", "),
    "profile (init)": ({ profile }) => profile,
    platform: ({ platform }) => platform,
    how: ({ how }) => how,
  })
}

/** The images that no test builds, by profile and platform. */
function planned() {
  const rows = (Object.values(Profile) as Profile[]).flatMap((profile) =>
    PLATFORMS.map((platform) => {
      const isProven = (name: string) =>
        PROVEN.some((row) => row.distros.includes(name) && row.profile === profile && row.platform === platform)
      const made = [...distros.values()].filter((distro) => distro.profiles[profile] && distro.platforms.includes(platform))
      const names = made.map(({ name }) => name).filter((name) => !isProven(name))
      return { distros: names, profile, platform, how: "Planned only: a snapshot of the plan." }
    }),
  )
  return rows.filter((row) => row.distros.length)
}
