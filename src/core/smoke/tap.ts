import type { Outcome } from "./results.ts"

/** The outcome of one promise, from what bats printed; a check without any result counts as a failure. */
export async function outcome(promise: string, exitCode: number, tap: string, errors: string, seconds: number): Promise<Outcome> {
  // Only now: it takes a sixth of the time in which every call loads the module.
  const { Parser } = await import("tap-parser")
  const checks: Outcome["checks"] = []
  let comments: string[] = []
  const parser = new Parser()
  parser.on("comment", (text: string) => comments.push(text.replace(/^# ?/, "").trimEnd()))
  parser.on("assert", ({ ok, name, skip }: { ok: boolean; name: string; skip: string | boolean }) => {
    settle(checks, comments)
    comments = []
    const [, title = name, time = "0"] = name.match(/^(.*) in (\d+)ms$/) ?? []
    const status = skip ? "skipped" : ok ? "passed" : "failed"
    checks.push({ name: title, status, seconds: Number(time) / 1000, detail: "" })
  })
  parser.end(tap)
  settle(checks, comments)
  if (exitCode !== 0 && !checks.some(({ status }) => status === "failed")) {
    const reason = exitCode === 124 || exitCode === 137 ? "ran out of time" : `ended with exit code ${exitCode}`
    checks.push({ name: `the check ${reason}`, status: "failed", seconds, detail: `${tap}\n${errors}`.trim() })
  }
  const has = (status: string) => checks.some((check) => check.status === status)
  return {
    promise,
    status: has("failed") ? "failed" : has("skipped") || !checks.length ? "skipped" : "passed",
    seconds,
    checks,
    log: errors,
  }
}

function settle(checks: Outcome["checks"], comments: string[]): void {
  const last = checks.at(-1)
  if (last?.status === "failed") last.detail = comments.join("\n")
}
