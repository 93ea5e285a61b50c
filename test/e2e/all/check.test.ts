import { expect, test } from "vitest"
import { farm } from "../farm.ts"

test("dagger check passes: types, style, shell scripts, unit and contract tests", async () => {
  const { exitCode, stderr } = await farm(["check"], 20)
  expect(exitCode, stderr.slice(-3000)).toBe(0)
})
