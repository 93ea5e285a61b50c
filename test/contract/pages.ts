import { existsSync, readFileSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import { PAGES as SITE } from "../../docs/.vitepress/pages.ts"
import { ROOT } from "../support/catalog.ts"

/** Every page for people: those of the site and those beside it. */
export const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "SUPPORT.md",
  "dagger/engine/README.md",
  "common/deploy/chart/README.md",
  ...SITE,
]
export { SITE }

export const readPage = (path: string) => readFileSync(join(ROOT, path), "utf8")

/** A block of code with its language, and the line before it. */
export interface Block {
  language: string
  lines: string[]
  before: string
}

/** The fenced blocks of a page. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/(?:^(.*)\n)?^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, before = "", language = "", text = ""]) => ({
    language,
    before,
    lines: text.replace(/\n$/, "").split("\n"),
  }))
}

/** The commands of a block: a line each, or several that end with a backslash, without comments. */
export function commandsOf({ lines }: Block): string[] {
  const whole = lines
    .join("\n")
    .replaceAll(/ *\\\n */g, " ")
    .split("\n")
  return whole.map((line) => line.replace(/(^| +)#.*$/, "").trim()).filter(Boolean)
}

/** A page's prose: no block of code, and nothing that is for the site alone. */
export const withoutBlocks = (page: string) => page.replace(/^---\n[\s\S]*?\n---\n/, "").replaceAll(/^```[\s\S]*?^```$/gm, "")

/** What a page has as code, a line each: its fenced and indented blocks, and what is in backticks. */
export function codeOf(page: string): string {
  const fenced = blocksOf(page).flatMap((block) => (["", "sh"].includes(block.language) ? commandsOf(block) : []))
  const rest = withoutBlocks(page)
  const indented = [...rest.matchAll(/^ {4}(.+)$/gm)].map(([, line]) => line)
  const spans = [...rest.matchAll(/(`+)([^`]+)\1/g)].map(([, , code = ""]) => code.replaceAll("\n", " "))
  return [...fenced, ...indented, ...spans].join("\n")
}

const { repository } = JSON.parse(readPage("package.json")) as { repository: string }

/** A heading's anchor, as GitHub and VitePress make it. */
const anchorOf = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[`'’]/g, "")
    .replaceAll(/[^\w -]/g, "")
    .replaceAll(" ", "-")

/** What is wrong with a page's links within the repository, those by its address on GitHub included. */
export function linkProblems(path: string, page: string): string[] {
  const targets = [...withoutBlocks(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target)
  return targets.flatMap((target) => {
    const [, own] = target.match(new RegExp(`^${repository}/(?:blob|tree)/main/(.*)$`)) ?? []
    if (!own && /^[a-z]+:/.test(target)) return []
    const [place = "", anchor] = (own ?? target).split("#")
    const file = own ? place : place ? normalize(join(dirname(path), place)) : path
    if (!existsSync(join(ROOT, file))) return [`${path}: ${target}: no such file`]
    if (!anchor || !file.endsWith(".md")) return []
    const anchors = [...withoutBlocks(readPage(file)).matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => anchorOf(title))
    return anchors.includes(anchor) ? [] : [`${path}: ${target}: no such heading`]
  })
}
