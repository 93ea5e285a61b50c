import { z } from "zod"
import { packageName } from "./distro.ts"

const argv = z.array(z.string().min(1)).nonempty()
const path = z.string().regex(/^\/[A-Za-z0-9._/-]+$/, "expected an absolute path")

/** family.json: what distros share. */
export const familySchema = z.strictObject({
  name: z.string(),
  packageManager: z.strictObject({
    /** Set while packages are installed, not in the image. */
    environment: z.record(z.string(), z.string()).default({}),
    /** Fetches the archive's index. */
    refresh: argv,
    /** Installs the packages that are appended. */
    install: argv,
    /** Prints every installed package with its version, a line each. */
    list: argv,
    /** Folders kept in cache volumes, never in an image. */
    caches: z.array(path),
    /** Patterns of what an installation leaves behind and no image needs. */
    leavings: z.array(z.string()),
  }),
  /** Package names by role. */
  packages: z.record(z.string(), z.array(packageName)),
})

export type Family = z.infer<typeof familySchema>
