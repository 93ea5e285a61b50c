import { html, raw } from "hono/html"

/** HTML in which all that isn't of the farm's own templates is escaped. */
export type Html = ReturnType<typeof html>

/** A self-contained page, by day and by night; `style` is added to that of every page. */
export function pageOf(title: string, body: Html, style = ""): string {
  const whole = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${raw(STYLE + style)}</style>
${body}
</html>
`
  return String(whole)
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1a2233; --paper: #fff; --dim: #5c6478; --line: #dde0ea; --soft: #f4f5f9; --good: #15692f; --bad: #a3111b; --odd: #775a00 }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e7f0; --paper: #12161f; --dim: #98a1b5; --line: #2c3444; --soft: #1b212d; --good: #6fd08c; --bad: #ff8a8a; --odd: #e0be5f } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink); background: var(--paper) }
img { max-width: 100%; border: 1px solid var(--line) } figure { margin: 1rem 0 } figcaption { color: var(--dim) }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
.passed { color: var(--good) } .failed { color: var(--bad) } .skipped { color: var(--odd) } pre { white-space: pre-wrap; font-size: 13px; color: var(--ink); background: var(--soft); padding: .6rem }
`
