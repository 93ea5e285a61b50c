import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { CALLS, kebab } from "../../docs/.vitepress/tables/calls.ts"
import { fillTables } from "../../docs/.vitepress/tables/fill.ts"
import { farm, ROOT } from "../support/catalog.ts"
import { linkProblems, PAGES, readPage, SITE } from "./pages.ts"

const TO_WRITE = "to write them anew, run npm run update"

describe("tables are what the data says", () => {
  const filled = PAGES.filter((path) => readPage(path).includes("<!-- table: "))

  test("in more than a handful of pages", () => expect(filled.length).toBeGreaterThan(5))

  test.each(filled)(`%s: ${TO_WRITE}`, async (path) => {
    await expect(fillTables(readPage(path))).toMatchFileSnapshot(join(ROOT, path))
  })

  test("one that there is no data for is refused", () => {
    expect(() => fillTables("<!-- table: sizes -->\n<!-- /table -->")).toThrow("table: sizes: expected one of calls, costs, field, images")
  })

  test("one that was changed by hand is seen", () => {
    const page = readPage("SUPPORT.md")
    const changed = page.replace("2028-06-30", "2029-06-30")
    expect(changed).not.toBe(page)
    expect(fillTables(changed)).toBe(page)
  })
})

test("the table of calls has every function of the API, each with what it does", () => {
  const surface = readFileSync(join(ROOT, "test/contract/surface.txt"), "utf8")
  const functions = [...surface.matchAll(/^(Distros|Helios|Image|Release|SmokeReport|Sources|Store)\.(\w+)[(:]/gm)].map(
    ([, object, name]) => `${object}.${name}`,
  )
  expect(CALLS.map(({ object, name }) => `${object}.${name}`).sort()).toEqual(functions.sort())
  for (const { object, name, description } of CALLS) expect(description, `${object}.${name}`).toMatch(/\w{3,}.*\.$/)
  const page = readPage("docs/calls.md")
  for (const { name } of CALLS) expect(page).toContain(`| \`${kebab(name)}\` |`)
})

test("docs/trust.md names who else builds, and which archives are asked without a look at their certificate", () => {
  const page = readPage("docs/trust.md").replace(/\s+/g, " ")
  expect(page).toContain("`qoi_viewer_bg.wasm`")
  const files = readdirSync(join(ROOT, "distros"), { recursive: true, encoding: "utf8" }).filter((path) =>
    /^[^_].*\/archives\/etc\/apt\//.test(path),
  )
  const texts = files
    .filter((path) => /\.sources$|apt\.conf\.d\/./.test(path))
    .map((path) => readFileSync(join(ROOT, "distros", path), "utf8"))
  const hosts = texts.flatMap((text) => [...text.matchAll(/^URIs: https?:\/\/([^/\s]+)|Acquire::https::(\S+?)::Verify-Peer "false"/gm)])
  expect(hosts.length).toBeGreaterThan(1)
  for (const [, archive, unchecked] of hosts) expect(page).toContain(`\`${archive ?? unchecked}\``)
})

test("a setting's type and version stand below these words", () => {
  const lines = readPage("docs/settings.md").match(/^\| .+ \|$/gm) ?? []
  const [head = [], ...rows] = lines.map((line) => line.slice(2, -2).split(" | ")).filter(([first]) => /^variable$|^`/.test(first ?? ""))
  const settings = rows
    .filter(([first]) => first !== "variable")
    .map((cells) => Object.fromEntries(cells.map((cell, at) => [head[at], cell])))
  expect(settings.length).toBeGreaterThan(20)
  for (const setting of settings)
    expect(setting).toMatchObject({
      type: expect.stringMatching(/^(string|integer|number)$/),
      since: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    })
})

test("SUPPORT.md has the end of life of every distro, as its distro.json has it", () => {
  const rows = new Map([...readPage("SUPPORT.md").matchAll(/^\|.*\| `([\w-]+)` \|.*\| (\S+) \|$/gm)].map(([, name, eol]) => [name, eol]))
  expect(rows).toEqual(new Map([...farm().distros.values()].map(({ name, eol }) => [name, eol ?? "rolling"])))
})

describe("pages", () => {
  test("README has at most 130 lines", () => expect(readPage("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(130))

  test.each(PAGES.filter((path) => path !== "dagger/engine/README.md"))("%s has at most 200 lines", (path) => {
    expect(readPage(path).trimEnd().split("\n").length).toBeLessThanOrEqual(200)
  })

  test.each(PAGES)("%s links to files and headings that exist", (path) => {
    expect(linkProblems(path, readPage(path))).toEqual([])
  })

  test("a link that leads nowhere is seen, and none is fetched", () => {
    const page =
      "[a](docs/none.md) [b](docs/run.md#none) [c](https://github.com/helios-desktops/helios/blob/main/none) [d](https://none.example)"
    expect(linkProblems("README.md", page).map((problem) => problem.split(": ")[1])).toEqual([
      "docs/none.md",
      "docs/run.md#none",
      "https://github.com/helios-desktops/helios/blob/main/none",
    ])
  })

  test("every page of the site is in its sidebar, but for the first", () => {
    const config = readPage("docs/.vitepress/config.ts")
    for (const path of SITE.filter((one) => one !== "docs/index.md")) expect(config).toContain(`"/${path.replace(/^docs\/|\.md$/g, "")}")`)
  })

  test("README and CONTRIBUTING link to SECURITY", () => {
    for (const path of ["README.md", "CONTRIBUTING.md"]) expect(readPage(path)).toContain("(SECURITY.md")
  })
})

test("the module's source leaves out documents, examples and what editors and hooks read", () => {
  const { include } = JSON.parse(readPage("dagger.json")) as { include: string[] }
  for (const path of ["docs", "examples", "*.md", ".vscode", "lefthook.yml", ".gitattributes"]) expect(include).toContain(`!${path}`)
  const loaded = readdirSync(ROOT).filter((name) => !include.includes(`!${name}`) && !name.endsWith(".md"))
  expect(loaded.filter((name) => !["bench.json", "node_modules", "report", "sdk"].includes(name)).sort()).toEqual([
    // By it the module's own packages come from a company's registry.
    ".npmrc",
    "common",
    "dagger.json",
    "distros",
    "package-lock.json",
    "package.json",
    "sources.lock.json",
    "src",
    "tsconfig.json",
  ])
})
