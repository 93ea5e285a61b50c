import { describe, expect, test } from "vitest"
import { formatPruned, type Pruned } from "../../src/core/release/prune.ts"

describe("what was pruned is told", () => {
  const all: Pruned[] = [
    { tag: "helios:a", digest: "sha256:1", images: ["sha256:2", "sha256:3"], attached: [] },
    { tag: "helios:b", digest: "sha256:4", images: [], attached: [], needed: "testing-sid names it, too" },
  ]
  const where = { repository: "ghcr.io/owner" }

  test("by a line for each tag", () => {
    expect(
      formatPruned(where, all, false),
    ).toBe(`deleted ghcr.io/owner/helios:a is sha256:1, with 2 images that no other has, and what was signed and attested of them
kept ghcr.io/owner/helios:b is sha256:4: testing-sid names it, too

1 deleted, 1 needed, 0 failed
`)
    expect(formatPruned(where, all, true)).toMatch(
      /^would delete [\s\S]*\n1 to delete, 1 needed, 0 failed; --dry-run=false deletes them\n$/,
    )
    expect(formatPruned(where, [], false)).toBe("0 deleted, 0 needed, 0 failed\n")
  })

  test("as an error if one failed", () => {
    const failed = { ...(all[0] as Pruned), failed: "denied" }
    expect(() => formatPruned(where, [failed], false)).toThrow(
      /^failed ghcr.io\/owner\/helios:a is sha256:1: denied\n\n0 deleted, 0 needed, 1 failed$/,
    )
  })
})
