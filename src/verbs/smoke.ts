import { type Container, type Directory, dag, ImageLayerCompression, ReturnType } from "@dagger.io/dagger"
import pLimit from "p-limit"
import { choices, FarmError } from "../core/errors.ts"
import type { Plan } from "../core/plan.ts"
import { Init } from "../core/profiles.ts"
import { line, type Outcome, type Results } from "../core/report.ts"
import { tools } from "../core/tools.ts"
import { lab } from "../stages/lab.ts"
import { toolbox } from "../stages/tools.ts"
import { type Farm, farmFiles, farmText } from "./farm.ts"
import { outcome } from "./tap.ts"

const PATIENCE_SECONDS = 240
const AT_ONCE = 2

/** A smoke test's results and the pictures and logs that it took. */
export interface Smoke {
  results: Results
  artifacts: Directory
}

/** The promises that smoke proves for a plan, each with the file that checks it. */
export function promises(plan: Plan): Map<string, string> {
  const folders = ["both", plan.profile]
  const files = farmFiles("common/smoke").filter((path) => path.endsWith(".bats") && folders.includes(path.split("/")[0] as string))
  const named = files.map((path): [string, string] => [path.replace(/^.*\/|\.bats$/g, ""), path])
  const otherInits: string[] = Object.values(Init).filter((init) => init !== plan.init)
  return new Map(named.filter(([name]) => !otherInits.includes(name)))
}

/** Proves an image: every promise in a boot of its own, none hiding another. Never answered from a cache. */
export async function smoke(farm: Farm, plan: Plan, image: Container, only: string[] = []): Promise<Smoke> {
  const all = promises(plan)
  const unknown = only.find((name) => !all.has(name))
  if (unknown) throw new FarmError(`--only=${unknown}: no such promise; expected one of ${choices(all.keys())}`)
  const names = [...all.keys()].filter((name) => !only.length || only.includes(name))
  const ready = await prepare(farm, plan, image)
  const size = Number(
    await ready
      .withExec(["du", "--summarize", "--bytes", "/image"])
      .stdout()
      .then((text) => text.split("\t")[0]),
  )
  const sized = ready.withEnvVariable("IMAGE_BYTES", String(size)).withEnvVariable("BUDGET_BYTES", String(plan.budget * 1e6))
  const limit = pLimit(AT_ONCE)
  let artifacts = dag.directory()
  const outcomes = await Promise.all(
    longestFirst(names, all).map((name) =>
      limit(async () => {
        const [result, files] = await prove(sized, name, all.get(name) as string)
        artifacts = artifacts.withDirectory(name, files)
        console.log(line(result))
        return result
      }),
    ),
  )
  outcomes.sort((a, b) => names.indexOf(a.promise) - names.indexOf(b.promise))
  return { results: { image: `${plan.repository} ${plan.distro} ${plan.init} ${plan.platform}`, size, outcomes }, artifacts }
}

/** Those with the most to check first, so that none of them is left to run alone at the end. */
function longestFirst(names: string[], files: Map<string, string>): string[] {
  const count = (name: string) => farmText(`common/smoke/${files.get(name)}`).split("\n@test ").length
  return [...names].sort((a, b) => count(b) - count(a))
}

/** The lab with an image in it. */
export async function prepare(farm: Farm, plan: Plan, image: Container): Promise<Container> {
  return lab(await tool(farm, "smoke"), farm.folder("common/smoke"))
    .withMountedDirectory("/image", image.rootfs())
    .withMountedFile("/layers.tar", image.asTarball({ forcedCompression: ImageLayerCompression.Uncompressed }))
    .withNewFile("/image.json", JSON.stringify(await describe(image)))
    .withEnvVariable("PROFILE", plan.profile)
    .withEnvVariable("HELIOS_RUN", String(Date.now()))
}

/** The farm's own tools for one purpose, on the engine's own platform. */
export async function tool(farm: Farm, purpose: string): Promise<Container> {
  return toolbox(farm, tools(farmText("common/tools.json")), purpose, await dag.defaultPlatform())
}

/** What a container runtime reads of an image, in the shape of an OCI image configuration. */
async function describe(image: Container) {
  const [entrypoint, args, user, variables, labels] = await Promise.all([
    image.entrypoint(),
    image.defaultArgs(),
    image.user(),
    image.envVariables(),
    image.labels(),
  ])
  const Env = await Promise.all(variables.map(async (variable) => `${await variable.name()}=${await variable.value()}`))
  const Labels = Object.fromEntries(await Promise.all(labels.map(async (label) => [await label.name(), await label.value()])))
  return { config: { Entrypoint: entrypoint, Cmd: args, User: user, Env, Labels } }
}

async function prove(ready: Container, name: string, file: string): Promise<[Outcome, Directory]> {
  const command = ["timeout", "--kill-after=5", String(PATIENCE_SECONDS), "bats", "--timing", "--formatter", "tap", `/smoke/${file}`]
  const ran = ready
    .withDirectory("/report", dag.directory())
    .withExec(["timed", ...command], { expect: ReturnType.Any, insecureRootCapabilities: true })
  const [exitCode, tap, errors, seconds] = await Promise.all([
    ran.exitCode(),
    ran.stdout(),
    ran.stderr(),
    ran.file("/report/seconds").contents(),
  ])
  return [outcome(name, exitCode, tap, errors, Number(seconds)), ran.directory("/report")]
}
