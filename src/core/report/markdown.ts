import type { Exception } from "../attest/scan-gate.ts"
import { markdownTable } from "../table.ts"
import { briefOf, exceptions, type Fact, factsOf, fileLines, type PackageRow, packageRows, SHOWN, slowest } from "./facts.ts"
import {
  countsOf,
  inOrder,
  isTagged,
  meaningOf,
  nameOf,
  pictureOf,
  pullOf,
  type ReleaseReport,
  type ReportedImage,
  type ReportedIndex,
  reasonOf,
  timeOf,
  titleOf,
  verifyOf,
} from "./model.ts"

/** The report as GitHub's Markdown, with pictures and the chart as separate files. */
export function releaseMarkdown(report: ReleaseReport): string {
  const chart = report.indexes.length ? ["## Sizes over releases", "![Sizes over releases](sizes.svg)"] : []
  return `${[...head(report), ...chart, ...inOrder(report.indexes).map(section)].join("\n\n")}\n`
}

/** The report in short as GitHub's Markdown, for where no file lies beside it: no picture, a row for each image, and why one failed. */
export function releaseSummary(report: ReleaseReport): string {
  const failed = inOrder(report.indexes).flatMap((index) => {
    const reason = reasonOf(index)
    return reason ? [`## ${code(nameOf(index))}: ${index.state}`, fenced(reason)] : []
  })
  return `${[...head(report), ...failed].join("\n\n")}\n`
}

function head(report: ReleaseReport): string[] {
  const { commit, repository, created, indexes } = report
  const counts = countsOf(report).map(({ state, count }) => `**${count} ${state}**`)
  return [
    `# ${prose(titleOf(report))}`,
    `Commit ${code(commit)} · below ${code(repository)} · ${prose(timeOf(created))}`,
    counts.join(", ") || "This ref publishes nothing.",
    ...(indexes.length ? ["To verify all of it:", fenced(verifyOf(report)), overview(indexes)] : []),
  ]
}

function overview(indexes: ReportedIndex[]): string {
  const rows = inOrder(indexes).flatMap((index) => {
    const name = [code(nameOf(index)), index.state === "failed" ? "**failed**" : index.state]
    if (!index.images.length) return [[...name, "none", "not known", "not known", "not scanned", "not tested"]]
    return index.images.map((image) => [...name, code(image.platform), ...briefOf(image).map(formatFact)])
  })
  return markdownTable([["Image", "State", "Platform", "Size", "Change", "Scan", "Smoke test"], ...rows])
}

function section(index: ReportedIndex): string {
  const { state, digest, immutableTag, images } = index
  const reason = reasonOf(index)
  const itself = digest ? code(digest) : "of a digest that is not known"
  const parts = [
    `## ${code(nameOf(index))}: ${state}`,
    meaningOf(index),
    ...(reason ? [fenced(reason)] : []),
    ...(isTagged(index) ? [`Index ${itself}, which stays as ${code(immutableTag)}. To pull it:`, fenced(pullOf(index))] : []),
    images.length ? sideBySide(index) : "No image of it is known.",
    ...packageRows(images).map(({ platforms, rows }) => details("Packages that changed on", platforms, rows.length, packageTable(rows))),
    ...fileLines(images).map(({ platforms, rows }) =>
      details("Files that changed most on", platforms, Number.POSITIVE_INFINITY, fenced(rows.join("\n"))),
    ),
    ...exceptions(images).map(({ platforms, rows }) => details("Excepted on", platforms, rows.length, exceptionTable(rows))),
    ...images.flatMap(promises),
  ]
  return parts.join("\n\n")
}

/** A column for each platform's image, its picture on top. Digests follow: with them the table would be wider than GitHub's page. */
function sideBySide(index: ReportedIndex): string {
  const { images } = index
  const columns = images.map((image) => factsOf(image).filter(({ name }) => !name.startsWith("digest")))
  const pictures = images.map((image) =>
    image.png
      ? `<img src="${pictureOf(index, image)}" width="360" alt="The desktop of ${entities(image.platform)}">`
      : "no picture was taken",
  )
  const rows = (columns[0] ?? []).map(({ name }, at) => [name, ...columns.map((facts) => formatFact(facts[at] as Fact))])
  const digests = images.map(
    ({ platform, digest, before }) => `- ${code(platform)} is ${code(digest)}, before it was ${before ? code(before.digest) : "not there"}`,
  )
  const head = ["Platform", ...images.map(({ platform }) => code(platform))]
  return [markdownTable([head, ["desktop", ...pictures], ...rows]), "", ...digests].join("\n")
}

function packageTable(rows: PackageRow[]): string {
  const cells = rows.map(({ what, name, versions }) => [what, [code(name), versions?.map(code).join(" → ") ?? []].flat().join(" ")])
  return markdownTable([["What", "Package"], ...cells])
}

function exceptionTable(rows: Exception[]): string {
  const cells = rows.map((one) => [code(one.id), code(one.package), code(one.owner), code(one.until), prose(one.reason)])
  return markdownTable([["Vulnerability", "Package", "Excepted by", "Until", "Why"], ...cells])
}

function promises({ platform, smoke }: ReportedImage): string[] {
  if (!smoke?.promises.length) return []
  const items = slowest(smoke).map(({ promise, took }) => `${code(promise)} ${took}`)
  return [details("Time of each promise on", [platform], Number.POSITIVE_INFINITY, items.join(", "))]
}

/** What is long is shown when asked for. */
function details(summary: string, platforms: string[], rows: number, body: string): string {
  const told = `${summary} ${platforms.map(tagged).join(", ")}`
  return rows > SHOWN ? `<details><summary>${told}</summary>\n\n${body}\n\n</details>` : `**${told}**\n\n${body}`
}

/** Facts are the farm's own words and figures, but for what is code. */
function formatFact({ text, as }: Fact): string {
  if (as === "code") return code(text)
  return as === "failed" ? `**${text}**` : text
}

/** A block of lines as they are: its fence is longer than any in them. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = "`".repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}

/** A name as code: in backticks if it has no character that Markdown or a table reads. */
function code(text: string): string {
  return /^[\w./:@+=~,-]+$/.test(text) ? `\`${text}\`` : tagged(text)
}

/** A name as code in HTML, for places where Markdown isn't rendered, such as a summary. */
function tagged(text: string): string {
  return `<code>${entities(text)}</code>`
}

/** Text of others, in which an @ mentions nobody. */
function prose(text: string): string {
  return entities(text).replaceAll("&#64;", "&#64;\u2060")
}

/** Text in one line of which no letter means anything to Markdown, a table or HTML. */
function entities(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim() || "empty"
  return line.replace(/[!-'*+;-@[-`{-~]|:(?!\d)|(?<=www)\./gi, (mark) => `&#${mark.charCodeAt(0)};`)
}
