import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { homedir } from "node:os"
import { basename, join } from "node:path"
import { execa } from "execa"
import { parseAllDocuments } from "yaml"
import { ROOT } from "../catalog.ts"

const DEPLOY = join(ROOT, "common/deploy")
const KUBE = join(import.meta.dirname, "kube")
export const CHART = join(DEPLOY, "chart")
export const BASE = join(DEPLOY, "kubernetes")

/** Where the kit keeps what it compiles. */
export const KUBE_HOME = process.env.HELIOS_KUBE_HOME ?? join(homedir(), ".cache/helios-kube")

const program = (name: string) => join(KUBE_HOME, "bin", name)

/** Why nothing is rendered on this machine, and what helps; undefined where the programs are there. */
export const NO_HELM = ["helm", "helm-docs"].every((name) => existsSync(program(name)))
  ? undefined
  : "by their sum alone, as helm isn't there: run test/support/kube/kube build helm helm-docs before"

/** Compiles programs of the kit that aren't there yet. */
export const build = (...names: string[]) => execa(KUBE, ["build", ...names], { stdout: "ignore", stderr: "inherit", timeout: 2_400_000 })

/** Runs helm: what it printed, and whether it was content. */
export async function helm(...args: string[]) {
  const { stdout, stderr, exitCode } = await execa(program("helm"), args, { reject: false, cwd: CHART })
  return { stdout, stderr, exitCode }
}

/** What a chart renders, as text. */
export async function template(release: string, chart: string, ...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await helm("template", release, chart, ...args)
  if (exitCode !== 0) throw new Error(stderr)
  return stdout
}

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind
export type Rendered = any

/** The objects of a text. */
export const objectsOf = (text: string): Rendered[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter(Boolean)

/** The names of the values that the chart is tried with. */
export const CASES = readdirSync(join(CHART, "ci")).map((file) => basename(file, "-values.yaml"))

/** The file of such values. */
export const valuesOf = (name: string) => join(CHART, "ci", `${name}-values.yaml`)

/** The hooks that compose mounts, as options of helm. */
const hooks = () =>
  ["init", "idle", "shutdown", "services"].flatMap((kind) =>
    readdirSync(join(DEPLOY, "hooks", `${kind}.d`)).map(
      (name) => `--set-file=hooks.${kind}.${name.replaceAll(".", "\\.")}=${join(DEPLOY, "hooks", `${kind}.d`, name)}`,
    ),
  )

/** The files of common/deploy/kubernetes as the chart renders them, by name: nobody installs those by helm. */
export async function renderBase(): Promise<Map<string, string>> {
  const text = await template("helios", CHART, `--values=${join(CHART, "base-values.yaml")}`, ...hooks())
  const files = new Map<string, string>()
  for (const part of text.split(/^---\n# Source: helios\/templates\//m).slice(1)) {
    const [name = ""] = part.split("\n")
    const body = part.slice(name.length + 1).replaceAll(/^ +(app\.kubernetes\.io\/managed-by|helm\.sh\/chart): .*\n/gm, "")
    files.set(name, [...(files.get(name)?.trimEnd().split("\n") ?? []), ...(files.has(name) ? ["---"] : []), body.trimEnd(), ""].join("\n"))
  }
  return files
}

/** The chart's README as helm-docs writes it. */
export async function renderReadme(): Promise<string> {
  const { stdout } = await execa(program("helm-docs"), [
    "--dry-run",
    "--log-level=warning",
    "--sort-values-order=file",
    `--chart-search-root=${CHART}`,
  ])
  return `${stdout.trimEnd()}\n`
}

/**
 * What common/deploy/kubernetes and the README are made from, and they themselves, as one hash: by it a machine without helm knows whether
 * they belong together.
 */
export function sumOf(made: Map<string, string>, read = (path: string) => readFileSync(path, "utf8")): string {
  const sources = readdirSync(CHART, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && !["README.md", "values.schema.json"].includes(entry.name) && !/\/(ci|examples)$/.test(entry.parentPath),
    )
    .map((entry) => join(entry.parentPath, entry.name))
  const scripts = readdirSync(join(DEPLOY, "hooks"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const files = new Map([...sources, ...scripts].map((path) => [path.slice(DEPLOY.length), read(path)]))
  const sorted = [...files, ...made].sort(([one], [other]) => (one < other ? -1 : 1))
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex")
}

/** How a base for kustomize begins, with that hash. */
export const kustomization = (
  names: string[],
  sum: string,
) => `# A desktop as the chart makes it: npm run update renders these files from common/deploy/chart with base-values.yaml.
# sha256 of both: ${sum}
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
${names.map((name) => `  - ${name}\n`).join("")}`
