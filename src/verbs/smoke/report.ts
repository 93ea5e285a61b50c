import { type Directory, dag, type File } from "@dagger.io/dagger"
import { junit } from "../../core/smoke/junit.ts"
import { page } from "../../core/smoke/page.ts"
import { type Results, summary } from "../../core/smoke/results.ts"
import { base64 } from "../base64.ts"

/** What the check calls the picture that it took of a desktop as it should be. */
const isDesktop = (path: string) => path.endsWith("/desktop.png")

/** The picture of the desktop that a smoke test took; throws when it never saw one. */
export async function screenshot(artifacts: Directory): Promise<File> {
  const pictures = await artifacts.glob("*/*.png")
  const best = pictures.find(isDesktop) ?? pictures[0]
  if (!best) throw new Error("no check took a picture of the desktop: see what failed in the summary")
  return artifacts.file(best)
}

/** The report as one HTML page. */
export async function html(results: Results, artifacts: Directory): Promise<File> {
  const failed = results.outcomes.filter(({ status }) => status === "failed").map(({ promise }) => promise)
  const pictures = await artifacts.glob("*/*.png")
  const shown = pictures.filter((path) => isDesktop(path) || failed.includes(path.split("/")[0] as string))
  const screenshots = await Promise.all(shown.map(async (path) => ({ promise: path, png: await base64(artifacts.file(path)) })))
  const logs = new Map<string, string>()
  for (const path of await artifacts.glob("*/*.log")) {
    const promise = path.split("/")[0] as string
    if (failed.includes(promise)) logs.set(promise, `${logs.get(promise) ?? ""}${await artifacts.file(path).contents()}`)
  }
  return dag
    .directory()
    .withNewFile("smoke.html", page(results, screenshots, logs))
    .file("smoke.html")
}

/** Everything that a smoke test leaves, as one folder. */
export async function everything(results: Results, artifacts: Directory): Promise<Directory> {
  const folder = dag
    .directory()
    .withNewFile("smoke.txt", `${summary(results)}\n`)
    .withNewFile("smoke.json", JSON.stringify(results, null, 2))
    .withNewFile("smoke.xml", junit(results))
    .withFile("smoke.html", await html(results, artifacts))
    .withDirectory("logs", artifacts)
  const pictures = await artifacts.glob("*/*.png")
  return pictures.length ? folder.withFile("desktop.png", await screenshot(artifacts)) : folder
}
