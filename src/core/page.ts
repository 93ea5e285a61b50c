import { counts, escapeText, isPassed, megabytes, type Outcome, type Results } from "./report.ts"

/** The report as one HTML page that needs nothing beside it: pictures are data URLs, logs of what failed are in it. */
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

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a2233 }
img { max-width: 100%; border: 1px solid #ccd } figure { margin: 1rem 0 } figcaption { color: #667 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #dde; vertical-align: top }
.passed { color: #15692f } .failed { color: #a3111b } .skipped { color: #775a00 } pre { white-space: pre-wrap; font-size: 13px; color: #1a2233; background: #f4f5f9; padding: .6rem }
`

function row({ promise, status, seconds, checks }: Outcome, log: string): string {
  const items = checks.map(({ name, status: verdict, seconds: time, detail }) => {
    const reason = detail ? `<pre>${escapeText(detail)}</pre>` : ""
    return `<div class="${verdict}">${escapeText(name)} <small>${verdict}, ${time.toFixed(1)} s</small>${reason}</div>`
  })
  const details = status === "failed" && log ? `<details><summary>The container's log</summary><pre>${escapeText(log)}</pre></details>` : ""
  return `<tr><td class="${status}">${escapeText(promise)}<td>${items.join("")}${details}<td>${seconds.toFixed(1)}</tr>`
}
