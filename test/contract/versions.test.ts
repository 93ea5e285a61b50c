import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"
import { jobsOf, STUDIO_WORKFLOW, type Step, WORKFLOWS } from "../support/github.ts"

/** The files of a folder, with what is in each and whether it is a program. */
function filesOf(folder: string): Map<string, string> {
  const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
  const files = paths.map((path) => [path, statSync(join(ROOT, folder, path))] as const).filter(([, found]) => found.isFile())
  return new Map(files.map(([path, { mode }]) => [path, `${mode & 0o111 ? "program" : "file"}\n${read(join(folder, path))}`]))
}

const read = (path: string) => readFileSync(join(ROOT, path), "utf8")

/** Dagger's version, which dagger.json decides. */
const { engineVersion } = JSON.parse(read("dagger.json")) as { engineVersion: string }
const version = engineVersion.replace(/^v/, "")

describe(`Dagger's version is dagger.json's, ${engineVersion}`, () => {
  test.each<[path: string, pattern: RegExp, most: number]>([
    [".github/actions/setup/pins.json", /"version": "v([^"]+)"/g, 1],
    ["package.json", /"npm:@dagger\.io\/dagger@([^"]+)"/g, 1],
    ["dagger/dev/dagger.json", /"engineVersion": "v([^"]+)"/g, 1],
    ["docs/farm.md", /dagger-helm --version (\S+)/g, 1],
    ["dagger/engine/common.sh", /^VERSION=(.+)$/gm, 1],
    ["dagger/engine/go/go.sh", /=dagger\.io\/dagger@v(\S+)/g, 1],
    ["examples/go/dagger.json", /"engineVersion": "v([^"]+)"/g, 1],
    ["examples/typescript/dagger.json", /"engineVersion": "v([^"]+)"/g, 1],
    ["test/e2e/slow/system-engine.test.ts", /engine[-:]v([\d.]+)/g, 2],
  ])("in %s", (path, pattern, count) => {
    expect([...read(path).matchAll(pattern)].map(([, found]) => found)).toEqual(Array(count).fill(version))
  })

  const workflows = readdirSync(join(ROOT, ".github/workflows"))
  const jobs = workflows.flatMap((workflow) =>
    Object.entries(jobsOf(workflow)).map(([name, job]) => [workflow, name, job.steps ?? []] as const),
  )
  const actionsOf = (path: string) => [...read(path).matchAll(/^ *- uses: ([^.\s].*)$/gm)].map(([, action]) => action)

  test("the repository among the examples has the actions that ours have, at the same commits, and a copy of our own", () => {
    const ours = workflows.map((name) => join(WORKFLOWS, name)).flatMap(actionsOf)
    for (const action of actionsOf(join(WORKFLOWS, STUDIO_WORKFLOW))) expect(ours).toContain(action)
    for (const { steps = [] } of Object.values(jobsOf(STUDIO_WORKFLOW)))
      expect(steps.map(({ uses = "" }) => uses.replace(/@.*/, ""))).toEqual(["actions/checkout", "./.github/actions/setup", ""])
    const own = filesOf(".github/actions")
    expect([...own.keys()].sort()).toEqual(["setup/action.yml", "setup/pins.json", "setup/set-up.sh"])
    expect(filesOf("examples/studio/.github/actions")).toEqual(own)
    expect(read("examples/studio/.github/zizmor.yml")).toBe(read(".github/zizmor.yml"))
  })

  const isDagger = ({ run }: Step) => /\bdagger (call|check)\b/.test(run ?? "")

  test.each(jobs)("%s, %s: sets Dagger up after its checkout if it calls it, and in no other way", (_, __, steps: Step[]) => {
    const uses = steps.map((step) => step.uses?.replace(/@.*/, "") ?? (isDagger(step) ? "dagger" : ""))
    expect(uses.filter((name) => name.startsWith("dagger/"))).toEqual([])
    if (uses.includes("dagger")) expect(uses.slice(0, 2)).toEqual(["actions/checkout", "./.github/actions/setup"])
    else expect(uses).not.toContain("./.github/actions/setup")
  })
})
