import DataLoader from "dataloader"
import pLimit from "p-limit"
import pRetry from "p-retry"
import { RegistryError } from "../../core/registry/answers.ts"

/** Commands at once that speak with registries: each is a container of its own, and registries limit requests. */
const limit = pLimit(8)

/** How often a command is run again that a registry put off, and how long that waits: some five minutes in all. */
const WAITS = { retries: 5, minTimeout: 15_000, factor: 2, maxTimeout: 120_000 }

/** Runs a command that speaks with a registry when it is its turn; while the registry limits requests, it is run again after a while. */
export function inTurn<T>(command: () => Promise<T>, waits = WAITS): Promise<T> {
  return limit(() =>
    pRetry(command, {
      ...waits,
      shouldRetry: ({ error }) => error instanceof RegistryError && error.kind === "limited",
      onFailedAttempt: ({ error, retriesLeft }) => {
        if (error instanceof RegistryError && error.kind === "limited" && retriesLeft) console.warn(`waiting: ${error.message}`)
      },
    }),
  )
}

/** The most that is asked for by one command. */
const MOST = 100

/** Reads what is asked for at once of a repository by one command: `read` gets its references, and gives an answer for each. */
export function together<T>(read: (repository: string, references: readonly string[]) => Promise<(T | Error)[]>) {
  const loaders = new Map<string, DataLoader<string, T>>()
  return (repository: string, reference: string): Promise<T> => {
    // Not remembered, as a push changes what a registry answers.
    const loader = loaders.get(repository) ?? new DataLoader((all) => read(repository, all), { cache: false, maxBatchSize: MOST })
    loaders.set(repository, loader)
    return loader.load(reference)
  }
}
