import { FarmError } from "../errors.ts"
import { parseReference } from "./reference.ts"

/** The registry's HOST or HOST:PORT, and a path in it. */
export interface RegistryPath {
  host: string
  path: string
}

/**
 * Parses HOST/PATH as --repository takes it; a host has a dot or a port, so that no registry is guessed. Capitals, as owners on GitHub may
 * have them, become lower-case letters: OCI has no others in names.
 */
export function parseRepository(repository: string, flag = "repository"): RegistryPath {
  const lower = repository.toLowerCase()
  // With an image's name behind it, as it is used: docker.io/OWNER isn't the official image of that name.
  const { registry: host = "", repository: path = "" } = parseReference(`${lower}/image`) ?? {}
  const base = path.replace(/\/?image$/, "")
  if (lower !== `${host}/${base}`)
    throw new FarmError(`--${flag}=${repository}: expected HOST/PATH, such as ghcr.io/OWNER; the images' own names follow it`)
  return { host, path: base }
}

/** Throws unless both of an account's name and password are there, or neither; `flag` is what has named its registry, if not `repository`. */
export function assertAccount(username: unknown, password: unknown, flag?: string): void {
  const begin = `--${flag ? `${flag}-` : ""}`
  if (!username !== !password) throw new FarmError(`${begin}username and ${begin}password go together: expected both, or neither`)
}

/** Docker Hub by its names, and the one under which Docker itself and what is made with its libraries, such as cosign, look for an account. */
const DOCKER_HUB = ["docker.io", "index.docker.io"]
const DOCKER_HUB_ALIAS = "https://index.docker.io/v1/"

/** The credentials file that container tools read: an account on a host, or none. */
export function authFile(host: string, account?: { username: string; password: string }): string {
  if (!account) return JSON.stringify({ auths: {} })
  const entry = { auth: Buffer.from(`${account.username}:${account.password}`).toString("base64") }
  const names = DOCKER_HUB.includes(host) ? [...DOCKER_HUB, DOCKER_HUB_ALIAS] : [host]
  return JSON.stringify({ auths: Object.fromEntries(names.map((name) => [name, entry])) })
}
