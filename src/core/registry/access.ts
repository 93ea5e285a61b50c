import { FarmError } from "../errors.ts"
import { parseReference } from "./reference.ts"

/** The registry's HOST or HOST:PORT, and a path in it. */
export interface RegistryPath {
  host: string
  path: string
}

/** Parses HOST/PATH as --repository takes it; a host has a dot or a port, so that no registry is guessed. */
export function parseRepository(repository: string): RegistryPath {
  // With an image's name behind it, as it is used: docker.io/OWNER isn't the official image of that name.
  const { registry: host = "", repository: path = "" } = parseReference(`${repository}/image`) ?? {}
  const base = path.replace(/\/?image$/, "")
  if (repository !== `${host}/${base}` || repository !== repository.toLowerCase())
    throw new FarmError(
      `--repository=${repository}: expected HOST/PATH in lower case, such as ghcr.io/OWNER; the images' own names follow it`,
    )
  return { host, path: base }
}

/** The credentials file that container tools read: an account on a host, or none. */
export function authFile(host: string, account?: { username: string; password: string }): string {
  const entry = account && { [host]: { auth: Buffer.from(`${account.username}:${account.password}`).toString("base64") } }
  return JSON.stringify({ auths: entry ?? {} })
}

const REASONS: [said: RegExp, means: string][] = [
  [
    /digest did not match|digest mismatch|unexpected digest|blob unknown|manifest unknown/i,
    "the registry holds something else than what was pushed: don't run it, and publish again",
  ],
  [
    /unauthorized|authentication required|invalid username\/password|status code 401|denied|status code 403/i,
    "the registry rejected the credentials: check --username and --password, and that the account may push there",
  ],
  [
    /connection refused|no such host|no route|i\/o timeout|context deadline exceeded|EOF|connection reset|TLS handshake timeout|server closed idle connection|nothing came for/i,
    "the registry doesn't answer: check its address and the network",
  ],
  [
    /server gave HTTP response to HTTPS client/,
    "the registry speaks plain HTTP: add `with-tools --local=tcp://127.0.0.1:PORT` if it runs on this machine, or give it a certificate",
  ],
  [/status code 5\d\d|50\d |internal server error|no space|insufficient storage/i, "the registry failed: check its logs and its disk"],
  [/status code 429|too many requests/i, "the registry limits requests: wait a while"],
]

/** What registries answer if a manifest or repository doesn't exist; the last is Harbor's. A proxy's 404 means something else. */
const ABSENT = /manifest unknown|name unknown|repository name not known|unknown: (artifact|repository) \S+ not found/i

/** Whether skopeo printed that a registry doesn't have what it was asked for. */
export function isAbsent(printed: string): boolean {
  return ABSENT.test(printed)
}

/** An error from what skopeo printed about a registry, in one line; `what` begins it. */
export function registryError(what: string, said: string): FarmError {
  const [, message = said.trim().split("\n").at(-1) ?? ""] = said.match(/level=fatal msg="((?:[^"\\]|\\.)*)"/) ?? []
  const reason = message.replace(/\\"/g, '"').replace(/\\n/g, " ")
  const advice = REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? "check the registry's logs"
  return new FarmError(`${what}: ${reason}; ${advice}; then run it again: it continues from there`)
}
