import { randomUUID } from "node:crypto"
import type { Container, Directory } from "@dagger.io/dagger"
import pLimit from "p-limit"
import { FarmError } from "../../core/errors.ts"
import { address, gitFailure, refsOf } from "../../core/sources/git.ts"
import type { Source } from "../../core/sources/lock.ts"
import { type Extent, fetchCommit, fetcher, remoteRefs } from "../../stages/source.ts"
import type { Farm } from "../farm.ts"
import { tool } from "../toolbox.ts"

/** Fetches an upstream at its commit, from the mirror if there is one; throws one line if that fails. */
export async function fetchSource(farm: Farm, wanted: Source, extent: Extent = "tree"): Promise<Directory> {
  const git = await fetcherOf(farm)
  const from = address(wanted, farm.mirror)
  const failed = `${wanted.name}: ${from} did not give commit ${wanted.commit.slice(0, 12)}`
  return explainFailure(failed, () => fetchCommit(git, extent, from, wanted.commit).sync())
}

/** The commit of each branch and tag that an upstream has now, by full name; throws one line when it doesn't answer. */
export async function fetchRefs(farm: Farm, wanted: Source): Promise<Map<string, string>> {
  const git = await fetcherOf(farm)
  const from = address(wanted, farm.mirror)
  return refsOf(await explainFailure(`${wanted.name}: ${from} did not list its refs`, () => remoteRefs(git, from, randomUUID())))
}

const fetchers = new WeakMap<Farm, Promise<Container>>()

/** One for all fetches of a call, as each question to the engine takes time. */
function fetcherOf(farm: Farm): Promise<Container> {
  const made = fetchers.get(farm) ?? makeFetcher(farm)
  fetchers.set(farm, made)
  return made
}

async function makeFetcher(farm: Farm): Promise<Container> {
  const program = farm.folder("common/build/scripts").file("fetch-source")
  const idleTimeout = farm.folder("common/release").file("idle-timeout")
  return fetcher({ toolbox: await tool(farm, "git"), program, idleTimeout, config: farm.gitConfig, agent: farm.ssh }).sync()
}

/** git's own server hangs up on a client that comes when it has 32. */
const limit = pLimit(8)

const SILENT = 124

const ADVICE =
  "check the network, or in a closed one pass --mirror=git://HOST/PATH, a copy that `dagger call sources mirror export --path=DIR` makes where there is one"

async function explainFailure<T>(failed: string, work: () => Promise<T>): Promise<T> {
  try {
    return await limit(work)
  } catch (cause) {
    const { exitCode, stderr, message } = cause as Error & { exitCode?: number; stderr?: string }
    const reason = exitCode === SILENT ? "nothing came for 60 s" : gitFailure(stderr || message)
    throw new FarmError(`${failed} (${reason}); ${ADVICE}`, { cause })
  }
}
