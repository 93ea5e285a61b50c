import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parse, stringify } from "yaml"
import { ROOT } from "../catalog.ts"
import { room } from "../farm.ts"
import { helm } from "./chart.ts"
import { isMirrored, mirrored } from "./mirrored.ts"

const PAGE = readFileSync(join(ROOT, "docs/farm.md"), "utf8")

/** A chart of somebody else's that a farm is installed by, with values of ours. */
export interface FarmChart {
  name: "engine" | "runners"
  repository: string
  /** The version that docs/farm.md installs. */
  version: string
  tag: string
  folder: string
  release: string
  /** Its namespace, as there, and what takes a cluster to find. */
  options: string[]
}

const versionOf = (chart: string) => PAGE.match(new RegExp(`/${chart} --version (\\S+)`))?.[1] as string
const namespace = "--namespace=debian-amd64"
const [engine, runners] = [versionOf("dagger-helm"), versionOf("gha-runner-scale-set")]

export const FARM_CHARTS: FarmChart[] = [
  {
    name: "engine",
    repository: "dagger/dagger",
    version: engine,
    tag: `v${engine}`,
    folder: "helm/dagger",
    release: "engine",
    options: [namespace, "--set=engine.nodeSelector.helios-shard=debian-amd64"],
  },
  {
    name: "runners",
    repository: "actions/actions-runner-controller",
    version: runners,
    tag: `gha-runner-scale-set-${runners}`,
    folder: "charts/gha-runner-scale-set",
    release: "helios-debian-amd64",
    options: [namespace, "--set=controllerServiceAccount.namespace=arc,controllerServiceAccount.name=arc"],
  },
]

/** Why nothing is rendered by others' charts here. */
export const NO_FARM_CHARTS = (await Promise.all(FARM_CHARTS.map(({ repository }) => isMirrored(repository)))).every(Boolean)
  ? undefined
  : `skipped: HELIOS_MIRROR lacks one of ${FARM_CHARTS.map(({ repository }) => `github.com/${repository}`).join(" and ")}`

// biome-ignore lint/suspicious/noExplicitAny: values are as deep as they are
export type Values = any

/** The values of ours for it. */
export const valuesFor = ({ name }: FarmChart): Values => parse(readFileSync(join(ROOT, `common/deploy/farm/${name}-values.yaml`), "utf8"))

const sources = new Map<string, Promise<string>>()

/** A file or a folder of the chart's repository, as the tag has it. */
export async function sourceOf({ repository, tag }: FarmChart, path: string): Promise<string> {
  const key = `${repository} ${path}`
  if (!sources.has(key)) sources.set(key, mirrored(repository, path, tag))
  return join((await sources.get(key)) as string, path)
}

/** What the chart makes of values, as text, or what helm says against them. */
export async function render(chart: FarmChart, values: Values, ...options: string[]): Promise<string> {
  const folder = await sourceOf(chart, chart.folder)
  const file = join(room(), "values.yaml")
  writeFileSync(file, stringify(values))
  const { stdout, stderr } = await helm("template", chart.release, folder, ...chart.options, `--values=${file}`, ...options)
  return stdout || stderr
}
