import { type Directory, dag } from "@dagger.io/dagger"
import { FarmError } from "../core/errors.ts"
import type { Source } from "../core/lock.ts"

const PATIENCE_SECONDS = 180
/** Commits behind the one that is fetched: enough for every fix that a series names. */
const HISTORY = 1000

/** An upstream's files at its commit, from the mirror where there is one; throws one line when they can't be had. */
export async function source(wanted: Source, mirror?: string): Promise<Directory> {
  return reached(wanted, mirror, repository(wanted, mirror).tree({ discardGitDir: true }))
}

/** The same with the repository itself, as far back as fixes are taken from. */
export async function history(wanted: Source, mirror?: string): Promise<Directory> {
  return reached(wanted, mirror, repository(wanted, mirror).tree({ depth: HISTORY }))
}

/** Where an upstream is fetched from. */
export function address({ repo }: Source, mirror?: string): string {
  return mirror ? `${mirror.replace(/\/+$/, "")}/${repo.replace("https://", "")}` : repo
}

function repository(wanted: Source, mirror?: string) {
  return dag.git(address(wanted, mirror)).commit(wanted.commit)
}

async function reached(wanted: Source, mirror: string | undefined, tree: Directory): Promise<Directory> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${PATIENCE_SECONDS} s`)), PATIENCE_SECONDS * 1000)
  })
  try {
    return await Promise.race([tree.sync(), late])
  } catch (cause) {
    throw new FarmError(
      `${wanted.name}: ${address(wanted, mirror)} did not give commit ${wanted.commit.slice(0, 12)} (${reason(cause as Error)}); ${ADVICE}`,
      {
        cause,
      },
    )
  } finally {
    clearTimeout(timer)
  }
}

const ADVICE =
  "check the network, or in a closed one pass --mirror=git://HOST/PATH, a copy that `dagger call sources mirror export --path=DIR` makes where there is one"

function reason({ message }: Error): string {
  const words = message.split("\n").filter((line) => /fatal|error|not|timed|answer/i.test(line))
  return (words.at(-1) ?? message)
    .replace(/^.*(fatal|error): */i, "")
    .trim()
    .slice(0, 160)
}
