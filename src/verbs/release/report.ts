import { mkdirSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { type Directory, dag, type File } from "@dagger.io/dagger"
import { releaseMarkdown, releaseSummary } from "../../core/report/markdown.ts"
import { pictureOf, type ReleaseReport } from "../../core/report/model.ts"
import { releasePage } from "../../core/report/page.ts"
import { sizesOf } from "../../core/report/sizes.ts"
import type { Farm } from "../farm.ts"
import { tool } from "../toolbox.ts"

/** The report of a release: report.md, report.html, summary.md, sizes.svg and the pictures of its desktops. */
export async function reportOf(farm: Farm, report: ReleaseReport): Promise<Directory> {
  const chart = await drawSizes(farm, report)
  save("report/report.md", releaseMarkdown(report))
  save("report/summary.md", releaseSummary(report))
  save("report/report.html", await releasePage(report, await chart.contents()))
  for (const index of report.indexes)
    for (const image of index.images) if (image.png) save(`report/${pictureOf(index, image)}`, Buffer.from(image.png, "base64"))
  return dag.currentModule().workdir("report").withFile("sizes.svg", chart)
}

/** Draws the sizes over releases as SVG, by gnuplot. */
async function drawSizes(farm: Farm, report: ReleaseReport): Promise<File> {
  const { text, panels, platforms } = sizesOf(report)
  const data = dag.directory().withNewFile("sizes.tsv", text).file("sizes.tsv")
  return (await tool(farm, "chart"))
    .withMountedFile("/sizes.tsv", data)
    .withMountedFile("/sizes.gp", farm.folder("common/release").file("sizes.gp"))
    .withExec(["gnuplot", "-c", "/sizes.gp", "/sizes.tsv", String(panels), String(platforms), "/sizes.svg"])
    .file("/sizes.svg")
}

/** Leaves a file in the module's own folder, from which the engine takes pictures as they are. */
function save(path: string, contents: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, contents)
}
