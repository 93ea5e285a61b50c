import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { REGISTRY, room } from "../farm.ts"
import { digests } from "./registry.ts"
import { database, keyPair, trustTools } from "./trust.ts"

export const COMMIT = "0123456789abcdef0123456789abcdef01234567"
/** Another commit for each letter. */
export const later = (letter = "f") => COMMIT.replace("0", letter)

/** Where this test file's images lie in the registry. */
export const PATH = `release-${process.pid}`
/** The repository of this test file's image. */
export const REPOSITORY = `${PATH}/helios-kvdi`
/** What the registry has of it: digest by tag. */
export const held = () => digests(REPOSITORY)
/** The same without what cosign keeps there. */
export const tags = async () => new Map([...(await held())].filter(([tag]) => !tag.startsWith("sha256-")))

/** A folder with a distro of one platform, "mine", and files that lie over its images. */
export function mine(files: Record<string, string> = {}): string {
  const folder = room()
  const distro = { name: "mine", title: "Debian 12 for one platform", extends: "bookworm", platforms: ["linux/amd64"] }
  for (const [path, text] of Object.entries({ "distro.json": JSON.stringify(distro), ...files })) {
    mkdirSync(join(folder, "mine", path, ".."), { recursive: true })
    writeFileSync(join(folder, "mine", path), text, { mode: 0o755 })
  }
  return folder
}

/** What signs and scans. */
export interface Trust {
  /** The options that name the tools. */
  using: string[]
  cosign: string
  key: string
  pub: string
}

const PASSPHRASE = "a passphrase"

let made: Promise<Trust> | undefined

/** Tools and a key pair, whose passphrase is in HELIOS_TEST_PASSPHRASE, made once for a test file; the first time that takes minutes. */
export function makeTrust(): Promise<Trust> {
  const make = async () => {
    const { options, cosign } = await trustTools()
    process.env.HELIOS_TEST_PASSPHRASE = PASSPHRASE
    return { using: options, cosign, ...(await keyPair(cosign, PASSPHRASE)) }
  }
  made ??= make()
  return made
}

export const byKey = ({ key }: Trust) => ["with-signing", `--key=file:${key}`, "--passphrase=env:HELIOS_TEST_PASSPHRASE"]
export const byPublicKey = ({ pub }: Pick<Trust, "pub">) => ["with-signing", `--public-key=${pub}`]

export interface Asked {
  ref?: string
  commit?: string
  distros?: string
  registry?: string
  /** Which images; the one of kvdi. */
  which?: string[]
  /** Options of the farm itself. */
  before?: string[]
  /** Further options of release. */
  more?: string[]
  /** By whom it is signed; by the key. */
  signed?: string[]
  /** The vulnerabilities that are known; none. */
  db?: string
  /** Further options of with-tools. */
  tools?: string[]
}

const MINE = ["--distro=mine", "--profile=kvdi", "--init=supervisord"]
/** That distro with a desktop that is built from source. */
export const HELIOS = ["--distro=mine", "--profile=helios"]

/** The words of a call that releases images, the one of kvdi where no others are named. */
export async function release(asked: Asked, verb = ["publish"]): Promise<string[]> {
  const trust = await makeTrust()
  const { ref = "refs/heads/main", commit = COMMIT, distros = mine(), registry = REGISTRY, more = [], signed = byKey(trust) } = asked
  const where = [`--repository=${registry}/${PATH}`, ...more]
  const only = ["only", ...(asked.which ?? MINE)]
  const before = [`--distros=${distros}`, ...(asked.before ?? [])]
  const given = [`--local=tcp://${registry}`, `--database=${asked.db ?? (await database([]))}`, ...(asked.tools ?? [])]
  const using = ["with-tools", ...trust.using, ...given]
  return [...before, "release", `--ref=${ref}`, `--commit=${commit}`, ...where, ...only, ...signed, ...using, ...verb]
}
