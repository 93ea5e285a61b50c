import { type Container, type Directory, dag, ImageLayerCompression, ReturnType } from "@dagger.io/dagger"
import pLimit from "p-limit"
import { Init } from "../../core/catalog/profiles.ts"
import { choices, FarmError } from "../../core/errors.ts"
import type { Plan } from "../../core/plan/plan.ts"
import type { Browser } from "../../core/smoke/browser.ts"
import { line, type Outcome, type Results } from "../../core/smoke/results.ts"
import { outcome } from "../../core/smoke/tap.ts"
import { type Farm, farmFiles, farmText } from "../farm.ts"
import { step } from "../step.ts"
import { hasPage } from "../toolbox.ts"
import { emulationFactor, openLab, size } from "./lab.ts"

const PATIENCE_SECONDS = 600
const AT_ONCE = 3

/** A smoke test's results and the pictures and logs that it took. */
export interface Smoke {
  results: Results
  artifacts: Directory
}

/** The promises that smoke proves for a plan, each with the file that checks it. */
function promises(plan: Plan): Map<string, string> {
  const folders = ["common", plan.profile]
  const files = farmFiles("common/smoke").filter((path) => path.endsWith(".bats") && folders.includes(path.split("/")[0] as string))
  const named = files.map((path): [string, string] => [path.replace(/^.*\/|\.bats$/g, ""), path])
  const otherInits: string[] = Object.values(Init).filter((init) => init !== plan.init)
  return new Map(named.filter(([name]) => !otherInits.includes(name)))
}

/** The promises of these names, or all of them; throws for an unknown name before anything is built. */
export function selectPromises(plan: Plan, only: string[]): Map<string, string> {
  const all = promises(plan)
  const unknown = only.find((name) => !all.has(name))
  if (unknown) throw new FarmError(`--only=${unknown}: no such promise; expected one of ${choices(all.keys())}`)
  return new Map([...all].filter(([name]) => !only.length || only.includes(name)))
}

/** The browser, if the plan's image has a page to be checked in one; throws before anything is built if it has none. */
export function selectBrowser(plan: Plan, browser?: Browser): Browser | undefined {
  if (!browser || hasPage(plan)) return browser
  throw new FarmError(`--browser=${browser}: expected none, as ${plan.profile} has no page that a browser shows`)
}

/** Checks an image's promises, each in a boot of its own, so that none hides another. Never cached. */
export async function smoke(farm: Farm, plan: Plan, image: Container, asked: Map<string, string>, browser?: Browser): Promise<Smoke> {
  const names = [...asked.keys()]
  const lab = await openLab(farm, plan, image, browser)
  const title = [plan.repository, plan.distro, plan.init, plan.platform, ...(browser ? [browser] : [])].join(" ")
  const bytes = await step(`${title}: the image and its lab`, () => size(lab))
  const layers = image.asTarball({ forcedCompression: ImageLayerCompression.Uncompressed })
  const ready = lab
    .withMountedFile("/layers.tar", layers)
    .withEnvVariable("IMAGE_BYTES", String(bytes))
    .withEnvVariable("BUDGET_BYTES", String(plan.budget * 1e6))
  const limit = pLimit(AT_ONCE)
  const patience = PATIENCE_SECONDS * (await emulationFactor(plan))
  let artifacts = dag.directory()
  const outcomes = await step(`${title}: ${names.length} ${names.length === 1 ? "promise" : "promises"}`, () =>
    Promise.all(
      longestFirst(asked).map((name) =>
        limit(async () => {
          const [result, files] = await prove(ready, name, asked.get(name) as string, patience)
          artifacts = artifacts.withDirectory(name, files)
          console.log(line(result))
          return result
        }),
      ),
    ),
  )
  outcomes.sort((a, b) => names.indexOf(a.promise) - names.indexOf(b.promise))
  return { results: { image: title, size: bytes, outcomes }, artifacts }
}

/** Those with the most to check first, so that none of them is left to run alone at the end. */
function longestFirst(asked: Map<string, string>): string[] {
  const count = (name: string) => farmText(`common/smoke/${asked.get(name)}`).split("\n@test ").length
  return [...asked.keys()].sort((a, b) => count(b) - count(a))
}

async function prove(ready: Container, name: string, file: string, patience: number): Promise<[Outcome, Directory]> {
  const command = ["timeout", "--kill-after=5", String(patience), "bats", "--timing", "--formatter", "tap", `/smoke/${file}`]
  const ran = ready
    .withDirectory("/report", dag.directory())
    .withExec(["timed", ...command], { expect: ReturnType.Any, insecureRootCapabilities: true })
  const [exitCode, tap, errors, seconds] = await Promise.all([
    ran.exitCode(),
    ran.stdout(),
    ran.stderr(),
    ran.file("/report/seconds").contents(),
  ])
  return [await outcome(name, exitCode, tap, errors, Number(seconds)), ran.directory("/report")]
}
