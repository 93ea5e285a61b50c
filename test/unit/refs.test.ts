import { describe, expect, test } from "vitest"
import { channelPrefix, fullRef, refOfChannel, sourceRefs, versionOf } from "../../src/core/release/refs.ts"

describe("a git ref's channel", () => {
  test.each([
    ["refs/heads/main", "unstable"],
    ["main", "unstable"],
    ["refs/heads/testing", "testing"],
    ["refs/tags/v1.2.3", "v1.2.3"],
    ["v10.20.30", "v10.20.30"],
    ["refs/heads/v1.2.3", undefined],
    ["refs/heads/feature/main", undefined],
    ["refs/heads/constructor", undefined],
    ["refs/pull/7/merge", undefined],
    ["4dc9ceb", undefined],
  ])("%s: %s", (ref, expected) => {
    expect(channelPrefix(ref)).toBe(expected)
  })

  test.each([
    ["refs/tags/v1.2", /expected a release's tag by semver, such as v1\.2\.3/],
    ["refs/tags/1.2.3", /expected a release's tag by semver/],
    ["refs/tags/latest", /expected a release's tag by semver/],
    ["refs/tags/main", /expected a release's tag by semver/],
    ["v01.2.3", /expected a release's tag by semver/],
    ["v1.2.3 ", /expected a release's tag by semver/],
    ["refs/tags/v1.2.3-rc.1", /pre-releases and builds are not published; push the branch testing/],
    ["refs/tags/v1.2.3+7", /pre-releases and builds are not published/],
    ["", /^--ref=: expected a git ref such as refs\/heads\/main/],
    ["refs/heads/", /expected a git ref/],
  ])("%j is refused", (ref, reason) => {
    expect(() => channelPrefix(ref)).toThrow(reason)
  })
})

describe("what is promoted", () => {
  test("comes from a channel, which a branch publishes", () => {
    expect([refOfChannel("testing"), refOfChannel("unstable")]).toEqual(["refs/heads/testing", "refs/heads/main"])
    expect(() => refOfChannel("main")).toThrow("--from=main: no such channel; expected one of testing, unstable")
  })

  test.each([
    ["main", ["refs/heads/main"]],
    ["refs/heads/testing", ["refs/heads/main", "refs/heads/testing"]],
    ["v1.2.3", ["refs/heads/main", "refs/heads/testing", "refs/tags/v1.2.3"]],
  ])("to %s was built from one of %j", (ref, refs) => {
    expect(sourceRefs(ref)).toEqual(refs)
  })
})

test.each([
  ["main", "refs/heads/main", undefined],
  ["refs/heads/v1.2.3", "refs/heads/v1.2.3", undefined],
  ["v1.2.3", "refs/tags/v1.2.3", "1.2.3"],
  ["refs/tags/v1.2.3", "refs/tags/v1.2.3", "1.2.3"],
  ["refs/pull/7/merge", "refs/pull/7/merge", undefined],
])("%s is %s in full, of version %s", (ref, full, version) => {
  expect([fullRef(ref), versionOf(ref)]).toEqual([full, version])
})
