import { XMLParser, XMLValidator } from "fast-xml-parser"
import { expect, test } from "vitest"
import { junit } from "../../src/core/smoke/junit.ts"
import { page } from "../../src/core/smoke/page.ts"
import { isPassed, type Results, summary } from "../../src/core/smoke/results.ts"
import { outcome } from "../../src/core/smoke/tap.ts"

const TAP =
  "1..3\nok 1 it is there in 120ms\nnot ok 2 it <works> in 3000ms\n# (in test file x.bats, line 3)\n#   `false' failed\nok 3 later in 1ms # skip no sound\n"
const failed = await outcome("socket", 1, TAP, "", 3.5)
const passed = await outcome("audio", 0, "1..1\nok 1 a tone in 10ms\n", "", 0.5)
const results: Results = { image: "helios-kvdi bookworm", size: 579_849_532, outcomes: [passed, failed] }

test("a check's lines become its outcome, with the reason for a failure", () => {
  expect(failed.status).toBe("failed")
  expect(failed.checks.map(({ name, status, seconds }) => [name, status, seconds])).toEqual([
    ["it is there", "passed", 0.12],
    ["it <works>", "failed", 3],
    ["later", "skipped", 0.001],
  ])
  expect(failed.checks[1]?.detail).toContain("`false' failed")
})

test.each([
  ["ended without a word", 1, "", "ended with exit code 1"],
  ["ran out of time", 124, "1..2\nok 1 a in 1ms\n", "ran out of time"],
])("a check that %s has failed", async (_, code, tap, reason) => {
  const broken = await outcome("socket", code, tap, "what it said", 9)
  expect(broken.status).toBe("failed")
  expect(broken.checks.at(-1)?.name).toContain(reason)
})

test("a check that checked nothing, or skipped something, has not passed", async () => {
  expect((await outcome("audio", 0, "1..0\n", "", 1)).status).toBe("skipped")
  expect(isPassed({ ...results, outcomes: [await outcome("audio", 0, "1..1\nok 1 a # skip b\n", "", 1)] })).toBe(false)
  expect(isPassed({ ...results, outcomes: [] })).toBe(false)
  expect(isPassed({ ...results, outcomes: [passed] })).toBe(true)
})

test("the summary has a line for each promise, what failed and the counts", () => {
  const lines = summary(results).split("\n")
  expect(lines[0]).toBe("helios-kvdi bookworm, 579.8 MB")
  expect(lines[1]).toBe("✓ audio            0.5 s")
  expect(lines.at(-1)).toBe("1 passed, 1 failed, 0 skipped")
  expect(summary(results)).toContain("socket: it <works>")
})

test("JUnit is well-formed whatever a check says", async () => {
  const hostile = await outcome("socket", 1, "1..1\nnot ok 1 <&\"' \u001b[31m in 1ms\n# ]]> & </failure>\n", "", 1)
  const xml = junit({ ...results, outcomes: [hostile, passed] })
  expect(XMLValidator.validate(xml)).toBe(true)
  const suites = new XMLParser({ ignoreAttributes: false }).parse(xml).testsuites.testsuite
  expect(suites.map((suite: Record<string, string>) => [suite["@_name"], suite["@_failures"]])).toEqual([
    ["socket", "1"],
    ["audio", "0"],
  ])
})

test("the page needs nothing beside it and shows the log of what failed alone", () => {
  const html = page(
    results,
    [{ promise: "socket", png: "aGk=" }],
    new Map([
      ["socket", "boot <log>"],
      ["audio", "quiet"],
    ]),
  )
  expect(html).toContain("data:image/png;base64,aGk=")
  expect(html).not.toMatch(/(src|href)="(?!data:)/)
  expect(html).toContain("boot &lt;log&gt;")
  expect(html).not.toContain("quiet")
})
