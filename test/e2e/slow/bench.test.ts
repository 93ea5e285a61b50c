import { readFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { expect, test } from "vitest"
import { ROOT } from "../../support/farm.ts"

const GROUPS = ["unchanged", "packages", "changed", "size", "boots", "frames", "guessing", "components", "family", "siblings", "catalogs"]
/** As little as tells that something is measured. Whether it is fast enough, `npm run bench` says on a quiet machine. */
const LITTLE = ["--repeats=1", "--boots=2", "--seconds=2", "--components=libjpeg-turbo"]

const bench = (...args: string[]) => execa("test/bench/run", args, { cwd: ROOT, reject: false })

test("a group that there isn't is answered with those that there are", async () => {
  const { exitCode, stderr } = await bench("--only=none")
  expect(stderr).toContain(`--only=none: no such group; expected ${GROUPS.join(", ")}`)
  expect(exitCode).toBe(1)
})

test.each(GROUPS)("%s is measured", async (group) => {
  const begun = new Date()
  const { stderr } = await bench(...LITTLE, `--only=${group}`)
  const { date, figures, errors } = JSON.parse(readFileSync(join(ROOT, "report/bench.json"), "utf8")) as {
    date: string
    figures: { name: string; value: number }[]
    errors: unknown[]
  }
  expect(new Date(date).getTime(), stderr).toBeGreaterThanOrEqual(begun.getTime())
  expect(errors).toEqual([])
  expect(figures.length).toBeGreaterThan(0)
  expect(figures.filter(({ value }) => !Number.isFinite(value) || value < 0)).toEqual([])
})
