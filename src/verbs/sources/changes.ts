import { type Directory, ReturnType } from "@dagger.io/dagger"
import { supportedCatalog } from "../../core/catalog/end-of-life.ts"
import { matrix } from "../../core/catalog/matrix.ts"
import { type Move, markdown, moves, tested } from "../../core/sources/changes.ts"
import { lock, type Source } from "../../core/sources/lock.ts"
import type { Farm } from "../farm.ts"
import { tool } from "../toolbox.ts"
import { fetchSource } from "./fetch.ts"

/** What the lock has otherwise than an earlier one as Markdown, and with reports of smoke tests what those came to. */
export async function changes(farm: Farm, since: string, today: string, reports?: Directory): Promise<string> {
  const before = lock(since, "--since")
  const counted = moves(before, farm.lock).map(async (move) => [move.name, await commits(farm, move)] as const)
  const known = (await Promise.all(counted)).filter((pair): pair is [string, number] => pair[1] !== undefined)
  const text = markdown(before, farm.lock, new Map(known))
  return reports ? `${text}\n${tested(matrix(supportedCatalog(farm.catalog, today).catalog), await summaries(reports))}` : text
}

async function summaries(reports: Directory): Promise<Map<string, string>> {
  const paths = await reports.glob("*/smoke.txt")
  const read = paths.map(async (path) => [path.split("/")[0] as string, await reports.file(path).contents()] as const)
  return new Map(await Promise.all(read))
}

/** How many commits an upstream has added, or undefined if its history is too long or doesn't reach the earlier pin. */
async function commits(farm: Farm, { before, after }: Move): Promise<number | undefined> {
  if (before?.repo !== after?.repo) return undefined
  const [from, to] = await Promise.all([before, after].map((pinned) => fetchSource(farm, pinned as Source, "history")))
  const both = (await tool(farm, "git"))
    .withMountedDirectory("/from", from as Directory)
    .withMountedDirectory("/to", to as Directory)
    .withExec(["git", "init", "--quiet", "--bare", "/both"])
    .withWorkdir("/both")
    .withExec(["git", "fetch", "--quiet", "--update-shallow", "/from", "HEAD:refs/heads/from"])
    .withExec(["git", "fetch", "--quiet", "--update-shallow", "/to", "HEAD:refs/heads/to"])
    .withExec(["git", "merge-base", "from", "to"], { expect: ReturnType.Any })
  if ((await both.exitCode()) !== 0) return undefined
  return Number(await both.withExec(["git", "rev-list", "--count", "from..to"]).stdout())
}
