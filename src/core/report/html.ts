import type { Exception } from "../attest/scan-gate.ts"
import { escapeText } from "../markup.ts"
import { STYLE } from "../page-style.ts"
import { briefOf, exceptions, type Fact, factsOf, fileLines, type PackageRow, packageRows, SHOWN, slowest } from "./facts.ts"
import {
  countsOf,
  inOrder,
  isTagged,
  meaningOf,
  nameOf,
  pullOf,
  type ReleaseReport,
  type ReportedImage,
  type ReportedIndex,
  reasonOf,
  timeOf,
  titleOf,
  verifyOf,
} from "./model.ts"
import { RELEASE_STYLE } from "./style.ts"

/** The report as one self-contained HTML page; the chart of sizes is an SVG. */
export function releasePage(report: ReleaseReport, chart: string): string {
  const { commit, repository, created } = report
  const counts = countsOf(report)
  const told = counts.map(({ state, count }) => `${count} ${state}`).join(", ") || "nothing published"
  const indexes = inOrder(report.indexes)
  const body = indexes.length
    ? [
        `<p>${counts.map(({ state, count }) => badge(state, `${count} ${state}`)).join(" ")}`,
        `<p>To verify all of it:</p>${command(verifyOf(report))}`,
        overview(indexes),
        `<h2>Sizes over releases</h2>`,
        `<div class="wide"><img class="chart" src="data:image/svg+xml;base64,${Buffer.from(chart).toString("base64")}" alt="Sizes over releases, a panel for each image"></div>`,
        ...indexes.map(section),
      ]
    : ["<p>This ref publishes nothing."]
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeText(titleOf(report))}: ${told}</title>
<style>${STYLE}${RELEASE_STYLE}</style>
<h1>${escapeText(titleOf(report))}</h1>
<p class="dim">Commit ${code(commit)} · below ${code(repository)} · ${escapeText(timeOf(created))}
${body.join("\n")}
</html>
`
}

function overview(indexes: ReportedIndex[]): string {
  const groups = indexes.map((index, at) => {
    const { images, state } = index
    const name = `<td rowspan="${images.length || 1}"><a href="#image-${at}">${escapeText(nameOf(index))}</a> ${badge(state)}`
    if (!images.length) return `<tbody><tr>${name}<td colspan="5">no image of it is known</tr></tbody>`
    const rows = images.map((image, first) => {
      const cells = [words(image.platform), ...briefOf(image).map(shown)].map((cell) => `<td>${cell}`)
      return `<tr>${first ? "" : name}${cells.join("")}</tr>`
    })
    return `<tbody>${rows.join("\n")}</tbody>`
  })
  const head = ["Image", "Platform", "Size", "Change", "Scan", "Smoke test"].map((name) => `<th>${name}`)
  return `<table class="overview"><thead><tr>${head.join("")}</tr></thead>\n${groups.join("\n")}</table>`
}

function section(index: ReportedIndex, at: number): string {
  const { state, digest, immutableTag, images } = index
  const reason = reasonOf(index)
  const itself = digest ? code(digest) : "of a digest that is not known"
  return [
    `<section id="image-${at}" class="${state}-index">`,
    `<h2>${escapeText(nameOf(index))} ${badge(state)}</h2>`,
    `<p>${meaningOf(index)}`,
    reason ? block(reason) : "",
    isTagged(index) ? `<p>Index ${itself}, which stays as ${code(immutableTag)}. To pull it:</p>${command(pullOf(index))}` : "",
    images.length ? `<div class="images">${images.map((image) => article(index, image)).join("\n")}</div>` : "<p>No image of it is known.",
    ...packageRows(images).map(({ platforms, rows }) =>
      details("Packages that changed on", platforms, rows.length <= SHOWN, packageTable(rows)),
    ),
    ...fileLines(images).map(({ platforms, rows }) => details("Files that changed most on", platforms, false, block(rows.join("\n")))),
    ...exceptions(images).map(({ platforms, rows }) => details("Excepted on", platforms, rows.length <= SHOWN, exceptionTable(rows))),
    ...images.flatMap(promises),
    "</section>",
  ]
    .filter(Boolean)
    .join("\n")
}

function article(index: ReportedIndex, image: ReportedImage): string {
  const alt = `The desktop of ${nameOf(index)} on ${image.platform}`
  const picture = image.png
    ? `<img src="data:image/png;base64,${escapeText(image.png)}" alt="${escapeText(alt)}">`
    : `<p class="missing">no picture was taken</p>`
  const facts = factsOf(image).map((fact) => `<dt>${fact.name}<dd>${shown(fact)}`)
  return `<article><h3>${words(image.platform)}</h3>${picture}<dl>${facts.join("")}</dl></article>`
}

function packageTable(rows: PackageRow[]): string {
  const cells = rows.map(({ what, name, versions }) => row([what, [code(name), versions?.map(code).join(" → ") ?? []].flat().join(" ")]))
  return table(["What", "Package"], cells)
}

function exceptionTable(rows: Exception[]): string {
  const cells = rows.map((one) => row([code(one.id), code(one.package), words(one.owner), words(one.until), words(one.reason)]))
  return table(["Vulnerability", "Package", "Excepted by", "Until", "Why"], cells)
}

function promises({ platform, smoke }: ReportedImage): string[] {
  if (!smoke?.promises.length) return []
  const rows = slowest(smoke).map(({ promise, took }) => row([code(promise), took]))
  return [details("Time of each promise on", [platform], false, table(["Promise", "Took"], rows))]
}

function details(summary: string, platforms: string[], isOpen: boolean, body: string): string {
  const told = `${summary} ${platforms.map(escapeText).join(", ")}`
  return `<details${isOpen ? " open" : ""}><summary>${told}</summary><div class="wide">${body}</div></details>`
}

function shown({ text, as }: Fact): string {
  if (as === "code") return code(text)
  return as ? `<span class="${as}">${escapeText(text)}</span>` : escapeText(text)
}

function badge(state: ReportedIndex["state"], text: string = state): string {
  return `<span class="badge ${state}">${text}</span>`
}

function table(head: string[], rows: string[]): string {
  return `<table><tr>${head.map((name) => `<th>${name}`).join("")}</tr>\n${rows.join("\n")}</table>`
}

function row(cells: string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}`).join("")}</tr>`
}

function command(text: string): string {
  return `<pre class="command">${escapeText(text)}</pre>`
}

function block(text: string): string {
  return `<pre>${escapeText(text)}</pre>`
}

function code(text: string): string {
  return `<code>${words(text)}</code>`
}

function words(text: string): string {
  return escapeText(text.trim() || "empty")
}
