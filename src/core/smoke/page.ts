import { html } from "hono/html"
import { type Html, pageOf } from "../page.ts"
import { formatBytes } from "../size.ts"
import { counts, isPassed, type Outcome, type Results } from "./results.ts"

/** The report as one self-contained HTML page, with pictures, and logs of what failed. */
export function page(results: Results, screenshots: { promise: string; png: string }[], logs: Map<string, string>): string {
  const { image, size, outcomes } = results
  const body = html`<h1>${image}</h1>
<p class="${isPassed(results) ? "passed" : "failed"}">${counts(results)} · ${formatBytes(size)}</p>
${screenshots.map(figure)}
<table>
<tr><th>Promise<th>Check<th>Seconds</tr>
${outcomes.map((outcome) => row(outcome, logs.get(outcome.promise) ?? ""))}
</table>`
  return pageOf(`${image}: ${counts(results)}`, body)
}

function figure({ promise, png }: { promise: string; png: string }): Html {
  return html`<figure><img src="data:image/png;base64,${png}" alt="The desktop as ${promise} saw it"><figcaption>${promise}</figcaption></figure>
`
}

function row({ promise, status, seconds, checks }: Outcome, log: string): Html {
  const items = checks.map(({ name, status: verdict, seconds: time, detail }) => {
    const reason = detail && html`<pre>${detail}</pre>`
    return html`<div class="${verdict}">${name} <small>${verdict}, ${time.toFixed(1)} s</small>${reason}</div>`
  })
  const details = status === "failed" && log && html`<details><summary>The container's log</summary><pre>${log}</pre></details>`
  return html`<tr><td class="${status}">${promise}<td>${items}${details}<td>${seconds.toFixed(1)}</tr>
`
}
