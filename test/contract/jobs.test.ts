import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { parse } from "yaml"
import { ROOT } from "../unit/catalog.ts"

const FOLDER = join(ROOT, ".github/workflows")

interface Job {
  needs?: string | string[]
  if?: string
}

type Jobs = Record<string, Job>

const needs = (all: Jobs, name: string) => [all[name]?.needs ?? []].flat()

/** What a job waits for, and what that waits for. */
const before = (all: Jobs, name: string): string[] => needs(all, name).flatMap((one) => [one, ...before(all, one)])

/**
 * Jobs that GitHub leaves out without a word where one that they don't wait for themselves, further back, is skipped by its `if`: unless a
 * job's own `if` asks for a status, success() of all of them is asked (https://github.com/actions/runner/issues/2205).
 */
const lost = (all: Jobs) =>
  Object.keys(all)
    .filter((name) => !/\b(always|cancelled|failure|success)\(/.test(all[name]?.if ?? ""))
    .filter((name) => before(all, name).some((other) => !needs(all, name).includes(other) && all[other]?.if))

test.each(readdirSync(FOLDER))("no job of %s is lost with one that it doesn't wait for itself", (name) => {
  const { jobs } = parse(readFileSync(join(FOLDER, name), "utf8")) as { jobs: Jobs }
  expect(lost(jobs)).toEqual([])
})

test("one that would be is found", () => {
  const all = { a: { if: "x" }, b: { needs: "a", if: "!cancelled()" }, c: { needs: ["b"], if: "needs.b.outputs.x" }, d: { needs: "a" } }
  expect(lost(all)).toEqual(["c"])
})
