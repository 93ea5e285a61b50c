import { readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { describe, expect, test } from "vitest"
import { graph } from "../../src/core/plan/graph.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { PICTURES } from "../pictures/pictures.ts"
import { farm, pins, ROOT } from "../support/catalog.ts"
import { PAGES, readPage } from "./pages.ts"

const FOLDER = join(ROOT, "docs/pictures")
const names = Object.keys(PICTURES).sort()
const TO_MAKE = "to make them anew, run npm run docs:pictures"

/** The pictures that a page shows, by their paths in the repository, each with what it says to those who don't see it. */
function shownIn(page: string): { path: string; says: string }[] {
  const inMarkdown = [...readPage(page).matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(([, says = "", path = ""]) => ({ path, says }))
  const inHtml = [...readPage(page).matchAll(/<img src="([^"]+)" alt="([^"]*)"/g)].map(([, path = "", says = ""]) => ({ path, says }))
  return [...inMarkdown, ...inHtml].map(({ path, says }) => ({ path: relative(ROOT, join(ROOT, page, "..", path)), says }))
}

const shown = PAGES.flatMap(shownIn)

test("pages show all pictures that are made, and no others", () => {
  expect([...new Set(shown.map(({ path }) => path))].sort()).toEqual(names.map((name) => `docs/pictures/${name}`))
  for (const { path, says } of shown) expect(says, path).toMatch(/\w+ \w+ \w+/)
})

test(`every picture is there, and no other: ${TO_MAKE}`, () => expect(readdirSync(FOLDER).sort()).toEqual(names))

test.each(names)("%s has less than 300 kB", (name) => {
  expect(readFileSync(join(FOLDER, name)).length).toBeLessThan(300_000)
})

describe("the picture of the build graph", () => {
  /** Lines of text, but for commits and counts, which newer sources change. */
  const blurred = (lines: string[]) => lines.map((line) => line.replace(/\b[0-9a-f]{12}\b|\d+/g, "#")).sort()
  const svg = readFileSync(join(FOLDER, "graph.svg"), "utf8")

  test(`has the boxes of the plan: ${TO_MAKE}`, () => {
    const dot = graph(plan(farm(), pins(), { distro: "bookworm", profile: "helios", platform: "linux/amd64" }))
    const labels = [...dot.matchAll(/\[label=(".*")\]$/gm)].flatMap(([, label = ""]) => (JSON.parse(label) as string).split("\n"))
    const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) =>
      text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))),
    )
    expect(blurred(texts)).toEqual(blurred(labels))
  })
})
