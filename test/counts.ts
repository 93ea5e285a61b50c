import type { Reporter, TestCase, TestModule } from "vitest/node"

/** What says why a test was left out: its own name or that of a group that it is in, or nothing where it wasn't asked for. */
function reason({ fullName }: TestCase): string | undefined {
  return fullName.split(" > ").find((name) => name.includes("skipped:"))
}

/** Ends a run with what was left out and why, then the line that CI reads: N passed, N failed, N skipped. */
export default class Counts implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string) => tests.filter((test) => test.result().state === state).length
    const skipped = tests.filter((test) => test.result().state === "skipped").map(reason)
    const reasons = new Set(skipped.filter((why) => why !== undefined))
    const broken = errors.length + modules.filter((module) => module.errors().length > 0).length
    process.once("exit", () => {
      for (const why of reasons) console.log(`${skipped.filter((each) => each === why).length} left out: ${why}`)
      console.log(`${count("passed")} passed, ${count("failed") + broken} failed, ${count("skipped")} skipped`)
    })
  }
}
