import { raw } from "hono/html"
import { pageOf } from "../page.ts"
import { releaseMarkdown } from "./markdown.ts"
import { countsOf, pictureOf, type ReleaseReport, titleOf } from "./model.ts"
import { RELEASE_STYLE } from "./style.ts"

/** The states of indexes where a heading ends with one, or a cell is one. */
const STATE = /(: |<td>)(?:<strong>)?(failed|absent|published|unchanged)(?:<\/strong>)?(?=<\/(?:h2|td)>)/g

/** The report's Markdown as one self-contained HTML page, with the pictures and the chart, which is an SVG, in it. */
export async function releasePage(report: ReleaseReport, chart: string): Promise<string> {
  const pictures = new Map([["sizes.svg", dataOf("svg+xml", Buffer.from(chart).toString("base64"))]])
  for (const index of report.indexes)
    for (const image of index.images) if (image.png) pictures.set(pictureOf(index, image), dataOf("png", image.png))
  // Only now, as every call of the module would load it.
  const { Marked } = await import("marked")
  const body = new Marked({ async: false })
    .parse(releaseMarkdown(report))
    .toString()
    .replace(/ src="([^"]+)"/g, (whole, path: string) => (pictures.has(path) ? ` src="${pictures.get(path)}"` : whole))
    .replace(STATE, '$1<span class="$2">$2</span>')
  const counts = countsOf(report).map(({ state, count }) => `${count} ${state}`)
  return pageOf(`${titleOf(report)}: ${counts.join(", ") || "nothing published"}`, raw(body), RELEASE_STYLE)
}

function dataOf(type: string, base64: string): string {
  return `data:image/${type};base64,${base64.replace(/[^A-Za-z0-9+/=]/g, "")}`
}
