/** An image reference by its parts, as OCI's distribution specification and Docker read one. */
export interface Reference {
  /** The registry's HOST or HOST:PORT, docker.io if the reference names none. */
  registry: string
  /** The repository's path in the registry, such as library/debian. */
  repository: string
  tag?: string
  digest?: string
}

const HOST = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d+)?$/
const PATH = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/
const SUFFIX = /^(.*?)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/

/** The longest name of a repository, its registry included. */
const LONGEST = 255

/** A reference by its parts, or undefined if the text isn't one. Its first part is a registry if it has a dot or a port, or is localhost. */
export function parseReference(text: string): Reference | undefined {
  // A colon before a slash is a port's.
  const at = text.lastIndexOf("/") + 1
  const [, last = "", tag, digest] = text.slice(at).match(SUFFIX) ?? []
  const name = text.slice(0, at) + last
  const [first = "", ...rest] = name.split("/")
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost")
  const registry = isRegistry ? first : "docker.io"
  const path = isRegistry ? rest.join("/") : name
  if (name.length > LONGEST || !HOST.test(registry) || !PATH.test(path)) return undefined
  const repository = registry === "docker.io" && !path.includes("/") ? `library/${path}` : path
  return { registry, repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
}

/** A reference in full, with its registry and whole path. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`
}
