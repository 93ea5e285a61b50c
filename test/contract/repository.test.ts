import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import picomatch from "picomatch"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"
import { z } from "zod"
import { distroNames, ROOT } from "../support/catalog.ts"

const read = (path: string) => readFileSync(join(ROOT, path), "utf8")

/** Every file of the repository's own folders and of its root. */
const FILES = ["", ".github", "common", "dagger", "examples", "test/fixtures"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: folder !== "", encoding: "utf8" })
    .map((path) => join(folder, path))
    .filter((path) => !path.includes("node_modules")),
)

const validations = z.strictObject({ required: z.boolean() }).optional()
const label = z.string().min(1)

/** What GitHub takes of a form, as far as these use it. */
const formSchema = z.strictObject({
  name: label,
  description: label,
  labels: z.array(label),
  body: z.array(
    z.discriminatedUnion("type", [
      z.strictObject({ type: z.literal("markdown"), attributes: z.strictObject({ value: label }) }),
      z.strictObject({
        type: z.literal("input"),
        id: label,
        attributes: z.strictObject({ label, description: label.optional(), placeholder: label.optional() }),
        validations,
      }),
      z.strictObject({
        type: z.literal("textarea"),
        id: label,
        attributes: z.strictObject({ label, description: label.optional(), render: label.optional() }),
        validations,
      }),
      z.strictObject({
        type: z.literal("dropdown"),
        id: label,
        attributes: z.strictObject({ label, options: z.array(label).nonempty() }),
        validations,
      }),
    ]),
  ),
})

const FORMS = readdirSync(join(ROOT, ".github/ISSUE_TEMPLATE")).filter((name) => name !== "config.yml")

describe("issue forms", () => {
  test.each(FORMS)("%s is one, and asks for no thing twice", (name) => {
    const { body } = formSchema.parse(parse(read(`.github/ISSUE_TEMPLATE/${name}`)))
    const ids = body.flatMap((field) => ("id" in field ? [field.id] : []))
    expect(new Set(ids).size).toBe(ids.length)
  })

  test("one with a field that there is none of is seen", () => {
    const form = parse(read(`.github/ISSUE_TEMPLATE/${FORMS[0]}`))
    form.body[1].attributes.lable = "x"
    expect(formSchema.safeParse(form).success).toBe(false)
  })
})

describe("dependabot.yml", () => {
  const { updates } = parse(read(".github/dependabot.yml")) as {
    updates: { "package-ecosystem": string; directory?: string; directories?: string[] }[]
  }
  const MANIFESTS: Record<string, string> = {
    "github-actions": "action.yml",
    npm: "package-lock.json",
    pip: "requirements.txt",
    gomod: "go.mod",
  }

  /** Where workflows are, which are looked for in the folder of GitHub's or in the one that is named. */
  const WORKFLOWS: Record<string, string> = {
    "github-actions /": ".github/workflows/check.yml",
    "github-actions /examples/studio/.github/workflows": "desktops.yml",
  }

  test.each(
    updates.flatMap((one) => (one.directories ?? [one.directory ?? ""]).map((place) => [one["package-ecosystem"], place] as const)),
  )("looks for %s in %s, which has it", (ecosystem, place) => {
    const manifest = WORKFLOWS[`${ecosystem} ${place}`] ?? MANIFESTS[ecosystem] ?? ""
    expect(FILES.filter((path) => picomatch.isMatch(path, join(place, manifest).slice(1), { dot: true }))).not.toEqual([])
  })

  test("has every lock of npm's that the repository has", () => {
    const places = updates
      .filter((one) => one["package-ecosystem"] === "npm")
      .flatMap(({ directory, directories }) => directories ?? [directory ?? ""])
    const isWatched = picomatch(places.map((place) => join(place, "package-lock.json").slice(1)))
    expect(FILES.filter((path) => path.endsWith("package-lock.json") && !isWatched(path))).toEqual([])
  })
})

test("CODEOWNERS names paths that exist", () => {
  const paths = [...read(".github/CODEOWNERS").matchAll(/^\/(\S+)/gm)].map(([, path = ""]) => path)
  expect(paths).not.toEqual([])
  for (const path of paths) expect(existsSync(join(ROOT, path)), path).toBe(true)
})

describe("editors", () => {
  const settings = JSON.parse(read(".vscode/settings.json"))

  test("complete every distro.json by the schema", () => {
    const [{ fileMatch, url }] = settings["json.schemas"]
    expect(existsSync(join(ROOT, url))).toBe(true)
    for (const name of distroNames()) expect(picomatch.isMatch(`distros/${name}/distro.json`, fileMatch)).toBe(true)
  })

  test("have tasks for scripts that exist", () => {
    const { tasks } = JSON.parse(read(".vscode/tasks.json")) as { tasks: { command: string }[] }
    const { scripts } = JSON.parse(read("package.json"))
    const named = tasks.flatMap(({ command }) => command.match(/^npm run (\S+)$/)?.[1] ?? [])
    expect(named.length).toBeGreaterThan(2)
    for (const name of named) expect(Object.keys(scripts)).toContain(name)
  })
})

test("lefthook runs what npm run check runs, on what is committed", () => {
  const { "pre-commit": hook } = parse(read("lefthook.yml")) as { "pre-commit": { jobs: { name: string; run: string }[] } }
  const programs = hook.jobs.map(({ run }) => run.replace(/^npx /, "").split(" ")[0])
  const { scripts } = JSON.parse(read("package.json"))
  for (const program of programs) expect(scripts.check).toContain(program)
})
