import { z } from "zod"
import { imageName, keySchema, packageName } from "./distro.ts"
import { archiveName, snapshotSchema } from "./snapshots.ts"

const argv = z.array(z.string().min(1)).nonempty()
const path = z.string().regex(/^\/[A-Za-z0-9._/-]+$/, "expected an absolute path")

/** Roles of packages that are built with and never end up in an image. */
export const BUILD_ROLES = { components: "components", nodeModules: "node-modules" } as const

/** family.json: what distros share. */
export const familySchema = z.strictObject({
  name: z.string(),
  packageManager: z.strictObject({
    /** Set while packages are installed, not in the image. */
    environment: z.record(z.string(), z.string()).default({}),
    /** What chooses among the archive's package streams, before the index is fetched. */
    setup: z.array(argv).default([]),
    /** Fetches the archive's index. */
    refresh: argv,
    /** Upgrades the base's packages, if `install` doesn't. */
    upgrade: z.array(argv).default([]),
    /** Installs the packages that are appended. */
    install: argv,
    /** Options with which `upgrade` and `install` only print what they would do, as apt-get does. */
    simulate: argv.optional(),
    /**
     * Takes all archives from the addresses of a date, with `of-day ARCHIVE=ADDRESS...` appended, or some from other addresses, with
     * `elsewhere ARCHIVE=ADDRESS...`, and all from their own again with `own`.
     */
    archives: argv.optional(),
    /**
     * Has translations of the languages of locales, such as de_DE, kept by what is installed, with `keep LOCALE...` appended, and then makes
     * the locales, with `make LOCALE...`.
     */
    languages: argv.optional(),
    /** A further package of each language, in which {language} stands for its code. */
    languagePackage: z
      .string()
      .regex(/^[a-z0-9-]+\{language\}$/, "expected a package name that ends with {language}")
      .optional(),
    /** Prints every installed package with its version, a line each. */
    list: argv,
    /**
     * Fetches the index of a platform, which is appended, and prints the name of each package that an upgrade would install, a line each.
     * It runs on the engine's own platform, with `state` of an image for that one, after `setup`.
     */
    outdated: argv,
    /** Folders of an image that say which packages it has, and which archives they come from. */
    state: z.array(path).nonempty(),
    /** Prints every package's files: lines of `PACKAGE PATH`, or of PACKAGE and then its paths, each after a space. */
    files: argv,
    /** Prints which files lie elsewhere than their package says, as dpkg-divert does. */
    diverted: argv.optional(),
    /** Prints the lines of `list`, each with a space and the hash that the index has of the package. */
    hashes: argv,
    /** Folders kept in cache volumes, never in an image. */
    cacheDirs: z.array(path),
    /** Patterns of what an installation leaves behind and no image needs. */
    exclude: z.array(z.string()),
  }),
  /** How the components that are built from source are compiled, for every distro of the family; a family without can't have a profile of them. */
  components: z
    .strictObject({
      /** The family's oldest release: what is compiled there runs on the later ones. */
      base: imageName,
      environment: z.record(z.string(), z.string()).default({}),
      /** The X server's versions, the family's own first, with what they ask of the compiler. */
      xorg: z.record(z.string(), z.strictObject({ flags: z.string() })),
    })
    .optional(),
  /** The keys that its package archives are signed with. */
  keys: z.array(keySchema).default([]),
  /** Its package archives that no snapshots are known of. */
  archives: z.array(archiveName).default([]),
  /** Where its package archives are found as they were on an earlier day. */
  snapshots: z.array(snapshotSchema).default([]),
  /** How many megabytes of 10^6 bytes the role "gpu" adds to an image's budget; a family without can't have distros with it. */
  gpuBudget: z.int().positive().optional(),
  /**
   * Package names by role. Two are built with alone: "components" has what those in C and C++ need, "node-modules" what modules for
   * the distro's own Node need, on the distro itself.
   */
  packages: z.record(z.string(), z.array(packageName)),
})

export type Family = z.infer<typeof familySchema>
