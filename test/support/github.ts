import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { parse } from "yaml"
import { ROOT, room } from "./farm.ts"

export const WORKFLOWS = ".github/workflows"

/** The workflow of the repository that examples have, as a workflow's name here. */
export const STUDIO_WORKFLOW = "../../examples/studio/.github/workflows/desktops.yml"

/** A step of a job or of an action, as far as tests ask. */
export interface Step {
  id?: string
  uses?: string
  run?: string
  with?: Record<string, string>
}

/** A job of a workflow, likewise. */
export interface Job {
  "runs-on"?: string
  needs?: string | string[]
  if?: string
  permissions?: Record<string, string>
  steps?: Step[]
}

/** What lines of release.yml have in their environment on one cell of its matrix; TOKEN is nobody's, as the local registry asks for none. */
export const ON_A_CELL = {
  GITHUB_ACTOR: "somebody",
  TOKEN: "none",
  DISTRO: "mine",
  PROFILE: "kvdi",
  INIT: "supervisord",
  PLATFORM: "linux/amd64",
}

/** The jobs of a workflow of GitHub's, by name. */
export function jobsOf(workflow: string): Record<string, Job> {
  return (parse(readFileSync(join(ROOT, WORKFLOWS, workflow), "utf8")) as { jobs: Record<string, Job> }).jobs
}

/** What a workflow of GitHub's runs in a shell, each as its job and the line. */
export function linesOf(workflow: string): [job: string, run: string][] {
  return Object.entries(jobsOf(workflow)).flatMap(([job, { steps = [] }]) =>
    steps.flatMap(({ run }): [string, string][] => (run ? [[job, run]] : [])),
  )
}

/**
 * Runs such a line as a runner does, in a clone or another folder; `dagger` is dagger/run, which is given others in place of some words:
 * patterns of a shell's, and what is said instead.
 */
export async function asRunner(run: string, env: Record<string, string>, cwd = ROOT, instead: Record<string, string[]> = {}) {
  const bin = join(room(), "bin")
  mkdirSync(bin)
  const cases = Object.entries(instead).map(([word, said]) => `    ${word}) set -- "$@" ${said.map((one) => `'${one}'`).join(" ")} ;;\n`)
  const words = `for word; do\n  shift\n  case $word in\n${cases.join("")}    *) set -- "$@" "$word" ;;\n  esac\ndone\n`
  // It takes itself off the path, where dagger/run looks for a dagger of the machine's own.
  writeFileSync(join(bin, "dagger"), `#!/bin/sh\n${words}PATH='${process.env.PATH}' exec '${ROOT}/dagger/run' "$@"\n`)
  chmodSync(join(bin, "dagger"), 0o755)
  const options = { cwd, env: { ...env, PATH: `${bin}:${process.env.PATH}` }, all: true, reject: false } as const
  return execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], options)
}
