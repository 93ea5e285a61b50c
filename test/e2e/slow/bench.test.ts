import { execa } from "execa"
import { expect, test } from "vitest"
import { ROOT } from "../../support/farm.ts"

test("every bar of the bench is reached", async () => {
  const { exitCode, stdout } = await execa("test/bench/run", { cwd: ROOT, reject: false })
  expect(exitCode, stdout).toBe(0)
})
