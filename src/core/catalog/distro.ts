import { z } from "zod"
import { parseReference } from "../registry/reference.ts"
import { languageTag } from "./languages.ts"
import { type Init, PLATFORMS, Profile, RECIPES } from "./profiles.ts"
import { archiveName, snapshotSchema } from "./snapshots.ts"

const identifier = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,40}$/, "expected lower-case letters, digits, dots and dashes")

/** A package's name in any family; it can't be taken for an option or for shell syntax. */
export const packageName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+._:-]*$/, "expected a package name")

/** An image with its tag, of any registry. */
export const imageName = z.string().refine((text) => {
  const reference = parseReference(text)
  return reference?.tag !== undefined && reference.digest === undefined
}, "expected an image with its tag, such as NAME:TAG or HOST:PORT/NAME:TAG")

/** The key that an archive of packages is signed with. */
export const keySchema = z.strictObject({
  path: z
    .string()
    .regex(/^\/[A-Za-z0-9._/-]+$/, "expected an absolute path")
    .describe("Where the image's package manager looks for it."),
  url: z
    .string()
    .regex(/^https?:\/\/[A-Za-z0-9._~/%:+-]+$/, "expected an http or https address")
    .optional()
    .describe("Where it is fetched from; without one the base image brings it, and only the fingerprint is checked."),
  fingerprint: z
    .string()
    .regex(/^[0-9A-F]{40}$/, "expected a fingerprint of 40 hexadecimal digits in capitals")
    .describe("The primary key's, as gpg prints it."),
})

/** An archive's key, by its fingerprint. */
export type Key = z.infer<typeof keySchema>

const changes = z.strictObject({
  add: z.array(packageName).default([]).describe("Packages that this role takes beside the family's."),
  remove: z.array(packageName).default([]).describe("Packages of the family's that it does without."),
})

/** Of an uncompressed image, each 10^6 bytes. */
const megabytes = z.int().positive()

const profile = (name: Profile) => {
  const init = z.enum(Object.keys(RECIPES[name].inits) as Init[])
  return z.strictObject({
    inits: z.array(init).nonempty().describe("What can supervise the processes; the first is the default."),
    budget: megabytes.describe("What the uncompressed image may weigh at most, in megabytes of 10^6 bytes."),
    size: z
      .partialRecord(init, megabytes)
      .default({})
      .describe("What the image for linux/amd64 last weighed, by init; empty if it was never built."),
  })
}

const shape = {
  name: identifier.describe("What --distro takes: the folder's name."),
  title: z.string().min(1).describe("The name for people, in labels of images."),
  family: identifier.describe("A folder of distros/_families: the package manager, and package names by role."),
  base: imageName.describe("The image that packages are installed on."),
  eol: z.iso.date("expected a date such as 2028-06-30").nullable().describe("The last day of its security support; null if it is rolling."),
  platforms: z.array(z.enum(PLATFORMS)).nonempty().describe("What it is built for; both by default."),
  profiles: z
    .strictObject({ helios: profile(Profile.Helios), kvdi: profile(Profile.Kvdi) })
    .partial()
    .describe("The desktops that it has."),
  packages: z.record(identifier, changes).describe("Changes to the family's packages, by role."),
  languages: z
    .array(languageTag)
    .describe("What it speaks beside English, by BCP 47 tags: locales, translations, fonts and input methods of each; none by default."),
  gpu: z.boolean().describe("Whether it has Mesa's drivers for Vulkan and video beside those for OpenGL; false by default."),
  keys: z.array(keySchema).describe("The keys of archives that its family's other distros don't have."),
  archives: z
    .array(archiveName)
    .describe("Its archives that no snapshots are known of: a repository's name, or for apt the end of its address."),
  snapshots: z.array(snapshotSchema).describe("Where archives are found as they were on an earlier day, if its family doesn't say so."),
  components: z.strictObject({ base: imageName }).describe("What its components in C are compiled on, if that isn't the family's."),
}

/** What one distro adds to its family. Budgets are megabytes of the uncompressed image. */
export const distroSchema = z.strictObject({
  ...shape,
  platforms: shape.platforms.default([...PLATFORMS]),
  packages: shape.packages.default({}),
  languages: shape.languages.default([]),
  gpu: shape.gpu.default(false),
  keys: shape.keys.default([]),
  archives: shape.archives.default([]),
  snapshots: shape.snapshots.default([]),
  components: shape.components.optional(),
})

/** distro.json as written: one that extends another states only what differs. */
export const distroFileSchema = z
  .strictObject(shape)
  .partial()
  .extend({
    $schema: z.string().optional().describe("Where editors find this schema: ../schema.json."),
    name: shape.name,
    extends: identifier.optional().describe("A distro, all of which holds for this one too unless it says otherwise."),
  })

export type Distro = z.infer<typeof distroSchema>
export type DistroFile = z.infer<typeof distroFileSchema>
