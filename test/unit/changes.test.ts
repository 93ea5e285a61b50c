import { describe, expect, test } from "vitest"
import { markdown, moves, reportName, tested } from "../../src/core/sources/changes.ts"
import { lock } from "../../src/core/sources/lock.ts"

const COMMITS = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string]
const DIGEST = `sha256:${"1".repeat(64)}`
const source = (name: string, commit = 0, ref = "v1.0") => ({
  name,
  repo: `https://github.com/owner/${name}`,
  ref,
  commit: COMMITS[commit] as string,
})
const pinned = (...entries: object[]) => lock(JSON.stringify(entries))

describe("what moved between two locks", () => {
  const before = pinned({ image: "debian:a", digest: null }, source("gone"), source("moved"), source("same"), source("x-1.0"))
  const after = pinned({ image: "debian:a", digest: DIGEST }, source("moved", 1, "v1.1"), source("new"), source("same"), source("x-1.0"))

  test("is what has another commit, was added or taken out", () => {
    expect(moves(before, after).map(({ name }) => name)).toEqual(["gone", "moved", "new"])
  })

  test("is told with links, the number of commits where it is known, digests, and what is held", () => {
    const comparison = `https://github.com/owner/moved/compare/${COMMITS[0]}...${COMMITS[1]}`
    expect(markdown(before, after, new Map([["moved", 3]]))).toBe(`## Upstreams

| upstream | from | to | commits |
| - | - | - | - |
| [gone](https://github.com/owner/gone) | v1.0 \`aaaaaaaaaaaa\` | not there | |
| [moved](https://github.com/owner/moved) | v1.0 \`aaaaaaaaaaaa\` | v1.1 \`bbbbbbbbbbbb\` | [3](${comparison}) |
| [new](https://github.com/owner/new) | not there | v1.0 \`aaaaaaaaaaaa\` | |

## Images

| image | from | to |
| - | - | - |
| \`debian:a\` | not pinned | \`sha256:111111111111\` |

Held at their release by their name: x-1.0.
`)
    expect(markdown(before, after, new Map())).toContain(`[compare](${comparison})`)
  })

  test("is an image in another's place, one more and one less", () => {
    const image = (name: string, digest: string | null = DIGEST) => ({ image: name, digest })
    const old = pinned(image("at:5000/it/a:v1"), image("b:1"), image("c:1", null), image("c:2"))
    const newer = pinned(image("at:5000/it/a:v2", null), image("c:1"), image("c:2"), image("d:1"))
    const text = markdown(old, newer, new Map())
    expect(text).toContain(`
| \`at:5000/it/a\` | v1 \`sha256:111111111111\` | v2 not pinned |
| \`c:1\` | not pinned | \`sha256:111111111111\` |
| \`d:1\` | not there | \`sha256:111111111111\` |
| \`b:1\` | \`sha256:111111111111\` | not there |
`)
    expect(text).not.toContain("c:2")
  })

  test("is nothing between equals", () => {
    expect(markdown(after, after, new Map())).toBe("Nothing moved.\n\nHeld at their release by their name: x-1.0.\n")
  })

  test("a lock that is none is refused by the flag's name", () => {
    expect(() => lock("{}", "--since")).toThrow(/^--since/)
  })
})

describe("what the smoke tests came to", () => {
  const cells = ["linux/amd64", "linux/arm64"].map((platform) => ({ distro: "d", profile: "kvdi", init: "systemd", platform }))

  test("is each image's last line, and that one has no report", () => {
    const summaries = new Map([["d-kvdi-systemd-amd64", "kept  1 s\n\n12 passed, 0 failed, 0 skipped\n"]])
    expect(cells.map(reportName)).toEqual(["d-kvdi-systemd-amd64", "d-kvdi-systemd-arm64"])
    expect(tested(cells, summaries)).toBe(`## Smoke tests

| image | promises |
| - | - |
| d-kvdi-systemd-amd64 | 12 passed, 0 failed, 0 skipped |
| d-kvdi-systemd-arm64 | no report |
`)
  })
})
