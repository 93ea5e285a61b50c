import type { Reporter, TestModule } from "vitest/node"

/** Ends a run with the line that CI reads: N passed, N failed, N skipped. */
export default class Counts implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string) => tests.filter((test) => test.result().state === state).length
    const broken = errors.length + modules.filter((module) => module.errors().length > 0).length
    process.once("exit", () => {
      console.log(`${count("passed")} passed, ${count("failed") + broken} failed, ${count("skipped")} skipped`)
    })
  }
}
