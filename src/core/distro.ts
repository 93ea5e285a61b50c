import { z } from "zod"
import { type Init, PLATFORMS, Profile, RECIPES } from "./profiles.ts"

const identifier = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,40}$/, "expected lower-case letters, digits, dots and dashes")

/** A package's name in any of the families: nothing that a shell or a package manager would read as more than a name. */
export const packageName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+._:-]*$/, "expected a package name")

/** An image with its tag. */
export const imageName = z.string().regex(/^[a-z0-9][a-z0-9./_-]*:[A-Za-z0-9._-]+$/, "expected an image with its tag, such as NAME:TAG")

const changes = z.strictObject({ add: z.array(packageName).default([]), remove: z.array(packageName).default([]) })

const profile = (name: Profile) =>
  z.strictObject({
    inits: z.array(z.enum(Object.keys(RECIPES[name].entrypoints) as Init[])).nonempty(),
    budget: z.int().positive(),
  })

const shape = {
  name: identifier,
  title: z.string().min(1),
  family: identifier,
  base: imageName,
  eol: z.iso.date("expected a date such as 2028-06-30").nullable(),
  platforms: z.array(z.enum(PLATFORMS)).nonempty(),
  profiles: z.strictObject({ helios: profile(Profile.Helios), kvdi: profile(Profile.Kvdi) }).partial(),
  packages: z.record(identifier, changes),
}

/** What one distro adds to its family. Budgets are megabytes of the uncompressed image. */
export const distroSchema = z.strictObject({
  ...shape,
  platforms: shape.platforms.default([...PLATFORMS]),
  packages: shape.packages.default({}),
})

/** distro.json as written: one that extends another states only what differs. */
export const distroFileSchema = z.strictObject(shape).partial().extend({ name: identifier, extends: identifier.optional() })

export type Distro = z.infer<typeof distroSchema>
export type DistroFile = z.infer<typeof distroFileSchema>
