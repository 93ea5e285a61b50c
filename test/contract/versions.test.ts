import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { execa } from "execa"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"
import { ROOT } from "../support/catalog.ts"
import { jobsOf, STUDIO_WORKFLOW, type Step, WORKFLOWS } from "../support/github.ts"

const read = (path: string) => readFileSync(join(ROOT, path), "utf8")

/** Dagger's version, which dagger.json decides. */
const { engineVersion } = JSON.parse(read("dagger.json")) as { engineVersion: string }
const version = engineVersion.replace(/^v/, "")

describe(`Dagger's version is dagger.json's, ${engineVersion}`, () => {
  test.each<[path: string, pattern: RegExp, most: number]>([
    ["package.json", /"npm:@dagger\.io\/dagger@([^"]+)"/g, 1],
    ["dagger/dev/dagger.json", /"engineVersion": "v([^"]+)"/g, 1],
    ["dagger/engine/common.sh", /^VERSION=(.+)$/gm, 1],
    ["dagger/engine/go/go.sh", /=dagger\.io\/dagger@v(\S+)/g, 1],
    ["examples/go/dagger.json", /"engineVersion": "v([^"]+)"/g, 1],
    ["examples/studio/.github/workflows/desktops.yml", /^ +version: (.+)$/gm, 2],
    ["examples/typescript/dagger.json", /"engineVersion": "v([^"]+)"/g, 1],
    ["test/e2e/slow/system-engine.test.ts", /engine[-:]v([\d.]+)/g, 2],
  ])("in %s", (path, pattern, count) => {
    expect([...read(path).matchAll(pattern)].map(([, found]) => found)).toEqual(Array(count).fill(version))
  })

  test("in what workflows set up, which read it from there", async () => {
    const { steps } = parse(read(".github/actions/setup/action.yml")).runs as { steps: Step[] }
    const [engine, dagger] = steps
    const output = join(mkdtempSync(join(tmpdir(), "helios-setup-")), "output")
    writeFileSync(output, "")
    await execa("bash", ["-eo", "pipefail", "-c", engine?.run as string], { cwd: ROOT, env: { GITHUB_OUTPUT: output } })
    expect(readFileSync(output, "utf8")).toBe(`version=${version}\n`)
    expect(dagger?.with).toEqual({ version: `\${{ steps.${engine?.id}.outputs.version }}` })
    rmSync(dirname(output), { recursive: true })
  })

  const workflows = readdirSync(join(ROOT, ".github/workflows"))
  const jobs = workflows.flatMap((workflow) =>
    Object.entries(jobsOf(workflow)).map(([name, job]) => [workflow, name, job.steps ?? []] as const),
  )
  const actionsOf = (path: string) => [...read(path).matchAll(/^ *- uses: ([^.\s].*)$/gm)].map(([, action]) => action)

  test("the repository among the examples has the actions that ours have, at the same commits", () => {
    const ours = [...workflows.map((name) => join(WORKFLOWS, name)), ".github/actions/setup/action.yml"].flatMap(actionsOf)
    for (const action of actionsOf(join(WORKFLOWS, STUDIO_WORKFLOW))) expect(ours).toContain(action)
    for (const { steps = [] } of Object.values(jobsOf(STUDIO_WORKFLOW)))
      expect(steps.map(({ uses = "" }) => uses.replace(/@.*/, ""))).toEqual(["actions/checkout", "dagger/dagger-for-github", ""])
  })

  const isDagger = ({ run }: Step) => /\bdagger (call|check)\b/.test(run ?? "")

  test.each(jobs)("%s, %s: sets Dagger up after its checkout if it calls it, and in no other way", (_, __, steps: Step[]) => {
    const uses = steps.map((step) => step.uses?.replace(/@.*/, "") ?? (isDagger(step) ? "dagger" : ""))
    expect(uses.filter((name) => name.includes("dagger-for-github"))).toEqual([])
    if (uses.includes("dagger")) expect(uses.slice(0, 2)).toEqual(["actions/checkout", "./.github/actions/setup"])
    else expect(uses).not.toContain("./.github/actions/setup")
  })
})
