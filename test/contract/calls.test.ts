import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"
import { linesOf } from "../support/github.ts"
import { callProblems, callsIn } from "./calls.ts"
import { codeOf, PAGES } from "./pages.ts"

const problemsIn = (shell: string) => callsIn(shell).flatMap(callProblems)

describe("a call that no version of the farm takes is seen", () => {
  test.each([
    ["dagger call biuld --distro=bookworm", "dagger call: no function biuld"],
    ["dagger/run call build --distor=bookworm", "build: no flag --distor"],
    ["dagger/run call --mirrors=git://HOST build", "dagger call: no flag --mirrors"],
    ["x=$(dagger call image --distro=bookworm sizes)", "image: no function sizes"],
    ["dagger call build --profile=vnc", "build: --profile is no vnc"],
    ['dagger call release --ref="$REF" \\\n  with-signing --identity="$(id -u)" \\\n  promot --from=x', "with-signing: no function promot"],
    ["dagger call image --distro bookworm scan --sift=x", "scan: no flag --sift"],
    ["dagger call distros nmae", "distros: no function nmae"],
  ])("%s", (shell, problem) => expect(problemsIn(shell)).toEqual([problem]))

  test.each([
    "dagger/run call desktop --distro=bookworm up --ports=3000:3000",
    "dagger call release … tags",
    'if dagger call -y sources update --images; then echo "dagger call"; fi',
    "dagger/run call build --distro=bookworm | tee log",
    'dagger call --as-of="$(date --utc +%F)" release --ref=main --commit=$(git rev-parse HEAD) --repository=ghcr.io/OWNER tags >out',
  ])("%s is none", (shell) => expect([callsIn(shell).length, problemsIn(shell)]).toEqual([expect.any(Number), []]))
})

const read = (path: string) => readFileSync(join(ROOT, path), "utf8")

describe("every call that is written down is one that the farm takes", () => {
  test.each(PAGES)("of %s", (page) => expect(problemsIn(codeOf(read(page)))).toEqual([]))

  test("of the table of what a release does", () => {
    const rows = [...read("docs/releases.md").matchAll(/^\| `([^`]+)` \|.*$/gm)].map(([, code = ""]) => code)
    const verbs = rows.slice(rows.indexOf("tags"), rows.indexOf("rollback") + 1)
    expect(verbs.length).toBeGreaterThan(7)
    for (const verb of verbs) expect(problemsIn(`dagger call release … ${verb}`), verb).toEqual([])
  })

  const workflows = readdirSync(join(ROOT, ".github/workflows"))

  test.each(workflows)("of %s", (name) => expect(linesOf(name).flatMap(([, run]) => problemsIn(run))).toEqual([]))

  const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"))

  test.each(sources.filter((path) => path === "index.ts" || path.startsWith("objects/")))("of the help in src/%s", (path) => {
    const lines = [...read(`src/${path}`).matchAll(/`(dagger call [^`]+)`/g)].map(([, line = ""]) => line)
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.flatMap(problemsIn)).toEqual([])
  })

  test("and there are many", () => {
    const all = [...PAGES.map((page) => codeOf(read(page))), ...workflows.flatMap((name) => linesOf(name).map(([, run]) => run))]
    expect(all.flatMap(callsIn).length).toBeGreaterThan(35)
  })
})

describe("every npm script that is written down exists", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> }
  const unknown = (code: string) =>
    [...code.matchAll(/\bnpm (?:run ([a-z:-]+)|(test)\b)/g)].map(([, run, own]) => run ?? own ?? "").filter((name) => !(name in scripts))

  test("one that doesn't is seen", () => expect(unknown("npm run tset\nnpm run test:unit\nnpm test")).toEqual(["tset"]))

  test.each(PAGES)("of %s", (page) => expect(unknown(codeOf(read(page)))).toEqual([]))

  test("and each of them is written down", () => {
    const code = PAGES.map((page) => codeOf(read(page))).join("\n")
    for (const name of Object.keys(scripts)) expect(code).toMatch(new RegExp(`npm (run )?${name}(?![:\\w])`))
  })
})
