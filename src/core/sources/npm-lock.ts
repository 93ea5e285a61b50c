import { PackageURL } from "packageurl-js"
import { z } from "zod"
import { parseFile } from "../schema.ts"

const schema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string(), integrity: z.string().optional(), dev: z.boolean().optional(), license: z.string().optional() }),
  ),
})

/** A package of npm's that a component is made of. */
export interface NpmPackage {
  name: string
  version: string
  /** SHA-512 in hexadecimal digits, as the registry has it. */
  sha512?: string
  license?: string
  purl: string
}

/** The packages that a lock of npm's brings into what is shipped, sorted and each once: those for development stay out. */
export function npmPackages(file: string, text: string): NpmPackage[] {
  const { packages } = parseFile(file, text, schema)
  const found = Object.entries(packages).flatMap(([path, { version, integrity, dev, license }]): [string, NpmPackage][] => {
    const name = path.split("node_modules/").at(-1) as string
    if (!path || dev) return []
    const [scope, own = name] = name.startsWith("@") ? name.split("/") : [undefined, name]
    const purl = new PackageURL("npm", scope, own, version, undefined, undefined).toString()
    const hash = integrity?.match(/^sha512-(.+)$/)?.[1]
    const sha512 = hash && Buffer.from(hash, "base64").toString("hex")
    return [[purl, { name, version, purl, ...(sha512 ? { sha512 } : {}), ...(license ? { license } : {}) }]]
  })
  return [...new Map(found)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}
