import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { publish } from "../../src/verbs/release/publish.ts"
import { step } from "../../src/verbs/step.ts"
import { Bench, target } from "../support/releases/release.ts"

const lines: string[] = []

beforeEach(() => {
  lines.length = 0
  vi.spyOn(console, "log").mockImplementation((line: string) => lines.push(line))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** Work that takes so many seconds by the clock. */
const taking = (seconds: number, end: () => string) => async () => {
  vi.advanceTimersByTime(seconds * 1000)
  return end()
}

describe("a step", () => {
  test("has a line when it begins, and one with its seconds when it is done", async () => {
    vi.useFakeTimers()
    expect(
      await step(
        "the image",
        taking(41.4, () => "made"),
      ),
    ).toBe("made")
    expect(lines).toEqual(["▸ the image", "▸ the image: done in 41 s"])
  })

  test("that fails has one with its seconds, and its error is the caller's", async () => {
    vi.useFakeTimers()
    const failing = taking(2, () => {
      throw new Error("no such commit")
    })
    await expect(step("the image", failing)).rejects.toThrow("no such commit")
    expect(lines).toEqual(["▸ the image", "▸ the image: failed after 2 s"])
  })

  test("has no colour, whatever a terminal takes", async () => {
    await step("the image", async () => "made")
    expect(lines.join("")).not.toContain("\x1b")
  })
})

describe("a release", () => {
  test("has lines for each tag that it signs and moves, and none for one that is unchanged", async () => {
    const bench = new Bench()
    const one = target("unstable")
    await publish(bench, [one], bench.pushAndTest())
    await publish(bench, [target("unstable", { minute: 1 })], bench.pushAndTest())
    expect(lines).toEqual([
      "▸ helios:unstable-bookworm: sign and tag",
      expect.stringMatching(/^▸ helios:unstable-bookworm: sign and tag: done in \d+ s$/),
    ])
  })
})
