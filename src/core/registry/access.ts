import { FarmError } from "../errors.ts"

/** Where a repository lies: a registry's HOST or HOST:PORT, and the path on it. */
export interface RegistryPath {
  host: string
  path: string
}

/** Reads HOST/PATH as --repository takes it; a host has a dot or a port, so that no registry is guessed. */
export function parseRepository(repository: string): RegistryPath {
  const [, host, path] =
    repository.match(/^((?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d+)?|[a-z0-9-]+:\d+)\/([a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*)$/) ?? []
  if (!host || !path)
    throw new FarmError(
      `--repository=${repository}: expected HOST/PATH in lower case, such as ghcr.io/OWNER; the images' own names follow it`,
    )
  return { host, path }
}

/** The credentials file that container tools read: an account on a host, or nothing where anybody may. */
export function authFile(host: string, account?: { username: string; password: string }): string {
  const entry = account && { [host]: { auth: Buffer.from(`${account.username}:${account.password}`).toString("base64") } }
  return JSON.stringify({ auths: entry ?? {} })
}

const REASONS: [said: RegExp, means: string][] = [
  [
    /digest did not match|digest mismatch|unexpected digest|blob unknown|manifest unknown/i,
    "what lies there isn't what was pushed: don't run it, and publish again",
  ],
  [
    /unauthorized|authentication required|invalid username\/password|status code 401|denied|status code 403/i,
    "it wants other credentials: check --username and --password, and that the account may push there",
  ],
  [
    /connection refused|no such host|no route|i\/o timeout|context deadline exceeded|EOF|connection reset|TLS handshake timeout|server closed idle connection|nothing came for/i,
    "it does not answer: check its address and the network",
  ],
  [
    /server gave HTTP response to HTTPS client/,
    "it speaks plain HTTP: put with-tools --local=tcp://127.0.0.1:PORT before it for one on this machine, or give it a certificate",
  ],
  [/status code 5\d\d|50\d |internal server error|no space|insufficient storage/i, "it is in trouble: see to the registry"],
  [/status code 429|too many requests/i, "it wants fewer requests: wait a while"],
]

/** What registries say of a manifest or repository that doesn't exist; the last is Harbor's. Others' 404s, such as a proxy's, don't say so. */
const ABSENT = /manifest unknown|name unknown|repository name not known|unknown: (artifact|repository) \S+ not found/i

/** Whether skopeo printed that a registry doesn't have what it was asked for. */
export function isAbsent(printed: string): boolean {
  return ABSENT.test(printed)
}

/** Why a registry didn't do what it was asked, in one line, from what skopeo said; `what` begins it. */
export function registryError(what: string, said: string): FarmError {
  const [, message = said.trim().split("\n").at(-1) ?? ""] = said.match(/level=fatal msg="((?:[^"\\]|\\.)*)"/) ?? []
  const reason = message.replace(/\\"/g, '"').replace(/\\n/g, " ")
  const advice = REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? "see what it says of itself"
  return new FarmError(`${what}: ${reason}; ${advice}; then run it again: it goes on from there`)
}
