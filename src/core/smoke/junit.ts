import type { Results } from "./results.ts"

/** The outcomes as JUnit XML, a test case for each check. */
export function junit({ image, outcomes }: Results): string {
  const suites = outcomes.map(({ promise, seconds, checks }) => {
    const cases = checks.map(({ name, status, seconds: time, detail }) => {
      const body = { passed: "", skipped: "<skipped/>", failed: `<failure message="${escapeText(name)}">${escapeText(detail)}</failure>` }[
        status
      ]
      return `    <testcase classname="${escapeText(promise)}" name="${escapeText(name)}" time="${time}">${body}</testcase>`
    })
    const failed = checks.filter(({ status }) => status === "failed").length
    const skipped = checks.filter(({ status }) => status === "skipped").length
    const counted = `tests="${checks.length}" failures="${failed}" skipped="${skipped}" time="${seconds}"`
    return [`  <testsuite name="${escapeText(promise)}" ${counted}>`, ...cases, "  </testsuite>"].join("\n")
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeText(image)}">\n${suites.join("\n")}\n</testsuites>\n`
}

/** Text as XML can hold it. */
function escapeText(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write them
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd").replace(/[&<>"]/g, (mark) => entities[mark] as string)
}
