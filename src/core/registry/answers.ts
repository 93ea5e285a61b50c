import { FarmError } from "../errors.ts"

/** What kind of failure a registry's answer is, where callers act by it. */
type Kind = "limited" | "immutable" | "denied" | "other"

/** Why a registry didn't do what it was asked for. */
export class RegistryError extends FarmError {
  constructor(
    message: string,
    readonly kind: Kind,
    /** What the registry, or the tool that asked it, said. */
    readonly said: string,
  ) {
    super(message)
  }
}

/** The answers of HTTP's with one of some codes, as skopeo and cosign tell them. */
const status = (codes: string) => `status(?: ?code)?(?: from registry)?:? (?:${codes})`
const anyOf = (...patterns: string[]) => new RegExp(patterns.join("|"), "i")

const REASONS: [said: RegExp, means: string, kind?: Kind][] = [
  [anyOf("toomanyrequests", "too many requests", status("429")), "the registry limits requests: wait a while", "limited"],
  [
    anyOf("immutable", "cannot be overwritten", "to overwrite", "precondition", status("409|412")),
    "this repository forbids moving tags: allow it for unstable-* and testing-*, or pull by immutable tags",
    "immutable",
  ],
  [
    anyOf("digest did not match", "digest mismatch", "unexpected digest", "blob unknown", "manifest unknown"),
    "the registry holds something else than what was pushed: don't run it, and publish again",
  ],
  [anyOf("name[ _]unknown", "repository name not known"), "the repository doesn't exist: create it, or let a push create it"],
  [
    anyOf("operation is unsupported", status("405")),
    "the registry doesn't do that by its API: allow it there, or use its own rules for keeping",
  ],
  [
    anyOf("unauthorized", "authentication required", "invalid username/password", "denied", status("401|403")),
    "the registry rejected the credentials: check --username and --password, and that the account may push there",
    "denied",
  ],
  [anyOf("executable file not found", "[a-z]: not found$"), "a program is missing where it runs: check with-tools"],
  [
    anyOf(
      ...["connection refused", "no such host", "no route", "i/o timeout", "context deadline exceeded", "EOF", "connection reset"],
      ...["TLS handshake timeout", "server closed idle connection", "nothing came for"],
    ),
    "the registry doesn't answer: check its address and the network",
  ],
  [
    anyOf("server gave HTTP response to HTTPS client"),
    "the registry speaks plain HTTP: add `with-tools --local=tcp://127.0.0.1:PORT` if it runs on this machine, or give it a certificate",
  ],
  [anyOf("404 page not found", status("404")), "that is no registry's answer: check --repository, and proxies on the way"],
  [
    anyOf(status("5\\d\\d"), "50\\d ", "internal server error", "no space", "insufficient storage"),
    "the registry failed: check its logs and its disk",
  ],
]

/**
 * What registries answer if a manifest or repository doesn't exist; the third is Harbor's, and the last what skopeo makes of it while it
 * deletes. A proxy's 404 means something else.
 */
const ABSENT =
  /manifest unknown|name unknown|repository name not known|unknown: (artifact|repository) \S+ not found|Image may not exist or is not stored/i

/** Whether skopeo printed that a registry doesn't have what it was asked for. */
export function isAbsent(printed: string): boolean {
  return ABSENT.test(printed)
}

/** Whether cosign printed that a registry has no such tag, and not that it lacks something of what the tag names. */
export function isUntagged(printed: string): boolean {
  return /image tag not found/.test(printed) && isAbsent(printed)
}

/** An error from what skopeo or cosign printed about a registry, in one line; `what` begins it. */
export function registryError(what: string, printed: string): RegistryError {
  const [, message = printed.trim().split("\n").at(-1) ?? ""] = printed.match(/level=fatal msg="((?:[^"\\]|\\.)*)"/) ?? []
  const said = message.replace(/\\"/g, '"').replace(/\\n/g, " ")
  const [, advice = "check the registry's logs", kind = "other"] = REASONS.find(([pattern]) => pattern.test(said)) ?? []
  return new RegistryError(`${what}: ${said}; ${advice}; then run it again: it continues from there`, kind, said)
}

/** What a command came to. */
export interface Ran {
  exitCode: number
  stdout: string
  stderr: string
}

/** What `for-each` printed: a line for each command, with its exit code, and its stdout and stderr in base64. */
export function parseRan(printed: string): Ran[] {
  const text = (word = "") => Buffer.from(word, "base64").toString()
  return printed
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [exitCode, stdout, stderr] = line.split(" ")
      return { exitCode: Number(exitCode), stdout: text(stdout), stderr: text(stderr) }
    })
}
