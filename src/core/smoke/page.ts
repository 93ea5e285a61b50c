import { escapeText } from "../markup.ts"
import { STYLE } from "../page-style.ts"
import { counts, isPassed, megabytes, type Outcome, type Results } from "./results.ts"

/** The report as one self-contained HTML page, with pictures, and logs of what failed. */
export function page(results: Results, screenshots: { promise: string; png: string }[], logs: Map<string, string>): string {
  const rows = results.outcomes.map((outcome) => row(outcome, logs.get(outcome.promise) ?? ""))
  const pictures = screenshots.map(
    ({ promise, png }) =>
      `<figure><img src="data:image/png;base64,${png}" alt="The desktop as ${escapeText(promise)} saw it"><figcaption>${escapeText(promise)}</figcaption></figure>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeText(results.image)}: ${counts(results)}</title>
<style>${STYLE}</style>
<h1>${escapeText(results.image)}</h1>
<p class="${isPassed(results) ? "passed" : "failed"}">${counts(results)} · ${megabytes(results.size)} MB</p>
${pictures.join("\n")}
<table>
<tr><th>Promise<th>Check<th>Seconds</tr>
${rows.join("\n")}
</table>
</html>
`
}

function row({ promise, status, seconds, checks }: Outcome, log: string): string {
  const items = checks.map(({ name, status: verdict, seconds: time, detail }) => {
    const reason = detail ? `<pre>${escapeText(detail)}</pre>` : ""
    return `<div class="${verdict}">${escapeText(name)} <small>${verdict}, ${time.toFixed(1)} s</small>${reason}</div>`
  })
  const details = status === "failed" && log ? `<details><summary>The container's log</summary><pre>${escapeText(log)}</pre></details>` : ""
  return `<tr><td class="${status}">${escapeText(promise)}<td>${items.join("")}${details}<td>${seconds.toFixed(1)}</tr>`
}
