import { type Directory, dag, type GitRepository } from "@dagger.io/dagger"
import pLimit from "p-limit"
import { FarmError } from "../core/errors.ts"
import type { Source } from "../core/lock.ts"

/** A server that is there says what it has at once; what it has may be large. */
const ANSWER_SECONDS = 60
const FETCH_SECONDS = 900
const PROBE_SECONDS = 20
/** Commits behind the one that is fetched: enough for every fix that a series names. */
const HISTORY = 1000
const GIT_PORT = 9418

/** An upstream's files at its commit, from the mirror where there is one; throws one line when they can't be had. */
export async function source(wanted: Source, mirror?: string): Promise<Directory> {
  return fetched(wanted, mirror, { discardGitDir: true })
}

/** The same with the repository itself, as far back as fixes are taken from. */
export async function history(wanted: Source, mirror?: string): Promise<Directory> {
  return fetched(wanted, mirror, { depth: HISTORY })
}

/** The same with a repository of that one commit. */
export async function snapshot(wanted: Source, mirror?: string): Promise<Directory> {
  return fetched(wanted, mirror, { depth: 1 })
}

/** The repository of an upstream as it is now; throws one line when there is none that answers. */
export async function repository(wanted: Source, mirror?: string): Promise<GitRepository> {
  return reached(`${wanted.name}: ${address(wanted, mirror)} did not say what it has`, wanted, mirror)
}

/** Where an upstream is fetched from. */
export function address({ repo }: Source, mirror?: string): string {
  return mirror ? `${mirror.replace(/\/+$/, "")}/${repo.replace("https://", "")}` : repo
}

async function fetched(wanted: Source, mirror: string | undefined, how: { discardGitDir?: boolean; depth?: number }): Promise<Directory> {
  const failed = `${wanted.name}: ${address(wanted, mirror)} did not give commit ${wanted.commit.slice(0, 12)}`
  const tree = (await reached(failed, wanted, mirror)).commit(wanted.commit).tree(how)
  return explained(failed, address(wanted, mirror), () => within(FETCH_SECONDS, tree.sync()))
}

async function reached(failed: string, wanted: Source, mirror?: string): Promise<GitRepository> {
  const remote = dag.git(address(wanted, mirror))
  await explained(failed, address(wanted, mirror), () => within(ANSWER_SECONDS, remote.id()))
  return remote
}

/** git's own server hangs up on a client that comes when it has 32. */
const limit = pLimit(8)

const ADVICE =
  "check the network, or in a closed one pass --mirror=git://HOST/PATH, a copy that `dagger call sources mirror export --path=DIR` makes where there is one"

async function explained<T>(failed: string, from: string, work: () => Promise<T>): Promise<T> {
  try {
    return await limit(work)
  } catch (cause) {
    throw new FarmError(`${failed} (${await reason(from, (cause as Error).message)}); ${ADVICE}`, { cause })
  }
}

async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${seconds} s`)), seconds * 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What went wrong, in the words of whoever knows: the engine keeps what git says to its log, and reports no more than its exit status. */
async function reason(from: string, message: string): Promise<string> {
  if (message.includes("sha fetch unsupported")) return "not our ref: it has no such commit, or gives none by its hash"
  if (message.includes("authentication failed")) return "authentication failed: it has no such repository, or a private one"
  const words = (/exit status \d+/.test(message) && (await probe(from))) || message
  return words
    .replace(/ ?\[traceparent:[^\]]*\]/g, "")
    .replace(/^.*?": |dial tcp\S* |\S+: connect: | on \S+:53|invalid response status /g, "")
    .replaceAll("\n", " ")
    .replace(/[:\s]+$/, "")
    .slice(0, 160)
}

/** Asks the same server in HTTP, whose failures the engine reports in full; nothing when that tells nothing. */
async function probe(from: string): Promise<string | undefined> {
  const { protocol, host, port } = new URL(from)
  const isHttp = protocol.startsWith("http")
  if (!isHttp && protocol !== "git:") return undefined
  const asked = isHttp ? `${from}/info/refs?service=git-upload-pack` : `http://${host}${port ? "" : `:${GIT_PORT}`}/`
  try {
    await within(PROBE_SECONDS, dag.http(asked).sync())
  } catch (error) {
    const { message } = error as Error
    // git's own protocol is no HTTP: its server is there, and hangs up.
    if (isHttp) return message
    if (/EOF|reset by peer|malformed/.test(message)) return "it has no such repository, or may not give it"
    // Then it was a proxy that answered, which git's own protocol doesn't take.
    return message.includes("response status") ? undefined : message
  }
  return undefined
}
