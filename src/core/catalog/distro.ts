import { z } from "zod"
import { parseReference } from "../registry/reference.ts"
import { type Init, PLATFORMS, Profile, RECIPES } from "./profiles.ts"

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
  /** Where the image's package manager looks for it. */
  path: z.string().regex(/^\/[A-Za-z0-9._/-]+$/, "expected an absolute path"),
  /** Where it is fetched from; without one the base image brings it, and only the fingerprint is checked. */
  url: z
    .string()
    .regex(/^https?:\/\/[A-Za-z0-9._~/%:+-]+$/, "expected an http or https address")
    .optional(),
  /** The primary key's, as gpg prints it. */
  fingerprint: z.string().regex(/^[0-9A-F]{40}$/, "expected a fingerprint of 40 hexadecimal digits in capitals"),
})

/** An archive's key, by its fingerprint. */
export type Key = z.infer<typeof keySchema>

const changes = z.strictObject({ add: z.array(packageName).default([]), remove: z.array(packageName).default([]) })

/** Of an uncompressed image, each 10^6 bytes. */
const megabytes = z.int().positive()

const profile = (name: Profile) => {
  const init = z.enum(Object.keys(RECIPES[name].inits) as Init[])
  return z.strictObject({
    inits: z.array(init).nonempty(),
    budget: megabytes,
    /** The last measured size of the linux/amd64 image, by init; empty if it was never built. */
    size: z.partialRecord(init, megabytes).default({}),
  })
}

const shape = {
  name: identifier,
  title: z.string().min(1),
  family: identifier,
  base: imageName,
  eol: z.iso.date("expected a date such as 2028-06-30").nullable(),
  platforms: z.array(z.enum(PLATFORMS)).nonempty(),
  profiles: z.strictObject({ helios: profile(Profile.Helios), kvdi: profile(Profile.Kvdi) }).partial(),
  packages: z.record(identifier, changes),
  keys: z.array(keySchema),
  components: z.strictObject({ base: imageName }),
}

/** What one distro adds to its family. Budgets are megabytes of the uncompressed image. */
export const distroSchema = z.strictObject({
  ...shape,
  platforms: shape.platforms.default([...PLATFORMS]),
  packages: shape.packages.default({}),
  /** Keys of archives that its family's other distros don't have. */
  keys: shape.keys.default([]),
  /** The base that its components in C are compiled on, if that isn't the family's. */
  components: shape.components.optional(),
})

/** distro.json as written: one that extends another states only what differs. */
export const distroFileSchema = z.strictObject(shape).partial().extend({ name: identifier, extends: identifier.optional() })

export type Distro = z.infer<typeof distroSchema>
export type DistroFile = z.infer<typeof distroFileSchema>
