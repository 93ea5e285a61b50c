import { ReturnType } from "@dagger.io/dagger"
import { isHistory, seriesFrom } from "../../core/plan/components.ts"
import { commitsOf, fixes, fixesFile, formatStay, logArguments, unanswered } from "../../core/sources/fixes.ts"
import type { Source } from "../../core/sources/lock.ts"
import { type Farm, farmText } from "../farm.ts"
import { tool } from "../toolbox.ts"
import { fetchSource } from "./fetch.ts"

/**
 * Why a branch that fixes are taken from may not move to its tip, or undefined if it may: each new commit that touches what is compiled
 * here has to be taken, or refused with a reason, before its pin says that it was looked at.
 */
export async function reasonToStay(farm: Farm, pinned: Source, tip: string): Promise<string | undefined> {
  if (!isHistory(pinned.name)) return undefined
  const known = fixes(pinned.name, farmText(fixesFile(pinned.name)))
  const history = await fetchSource(farm, { ...pinned, commit: tip }, "history")
  const listed = (await tool(farm, "git"))
    .withMountedDirectory("/history", history)
    .withExec(["git", "-C", "/history", ...logArguments(pinned.commit, tip, known)], { expect: ReturnType.Any })
  if ((await listed.exitCode()) !== 0) return formatStay(pinned)
  const open = unanswered(commitsOf(await listed.stdout()), known, seriesFrom(pinned.name, farm.patches))
  return open.length ? formatStay(pinned, open) : undefined
}
