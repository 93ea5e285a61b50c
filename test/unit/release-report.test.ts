import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { factsOf } from "../../src/core/report/facts.ts"
import { releaseMarkdown, releaseSummary } from "../../src/core/report/markdown.ts"
import { pictureOf, pullOf, type ReportedImage, verifyOf } from "../../src/core/report/model.ts"
import { releasePage } from "../../src/core/report/page.ts"
import { anyRelease, BARE, FULL, HOSTILE, indexOf, RICH, releaseOf } from "./releases.ts"

const CHART = "<svg/>"

describe("both pages", () => {
  test.each([
    ["rich", RICH],
    ["poorest", releaseOf(indexOf("bookworm", { state: "absent", digest: undefined, images: [] }))],
    ["empty", { ...releaseOf(), ref: "refs/heads/topic" }],
  ])("of a %s release are as they were", async (name, value) => {
    await expect(releaseMarkdown(value)).toMatchFileSnapshot(`releases/${name}.md`)
    await expect(await releasePage(value, CHART)).toMatchFileSnapshot(`releases/${name}.html`)
  })

  test("begin with what failed, and why", async () => {
    for (const text of [releaseMarkdown(RICH), await releasePage(RICH, CHART)]) {
      const places = ["trixie", "noble", "bookworm", "sid"].map((image) => text.indexOf(`helios:v1.2.3-${image}`))
      expect(places).toEqual([...places].sort((a, b) => a - b))
      expect(text).toContain("web: expected 200, got 503")
    }
  })

  test("have a summary without pictures, with a row for each image and why one failed", async () => {
    const summary = releaseSummary(RICH)
    expect(summary).toContain("web: expected 200, got 503")
    expect(summary).not.toMatch(/!\[|<img|\.png|\.svg/)
    const rows = (text: string) => text.split("\n").filter((line) => line.startsWith("| `helios"))
    expect(rows(summary).length).toBeGreaterThan(3)
    expect(rows(summary)).toEqual(rows(releaseMarkdown(RICH)))
    expect(releaseSummary(releaseOf())).toContain("This ref publishes nothing.")
  })

  test("collapse packages alone of which more than 20 changed", async () => {
    const few = { added: ["one"], removed: [], changed: [] }
    const both = releaseOf(indexOf("bookworm", { images: [FULL] }), indexOf("sid", { images: [{ ...FULL, packages: few }] }))
    expect(releaseMarkdown(both).match(/<summary>Packages/g)).toHaveLength(1)
    expect((await releasePage(both, CHART)).match(/<details><summary>Packages/g)).toHaveLength(1)
    expect((await releasePage(both, CHART)).match(/<p><strong>Packages/g)).toHaveLength(1)
  })

  test("list what platforms share once", () => {
    const { packages, scan } = FULL
    const same = releaseMarkdown(releaseOf(indexOf("bookworm", { images: [FULL, { ...BARE, packages, scan }] })))
    expect(same.match(/`lib7`/g)).toHaveLength(1)
    expect(same.match(/CVE-2026-1234/g)).toHaveLength(1)
    expect(same).toContain("Excepted on <code>linux/amd64</code>, <code>linux/arm64</code>")
  })

  test("hold nothing that others wrote as markup, no cell that is empty, and no number that is none", async () => {
    await fc.assert(
      fc.asyncProperty(anyRelease(), async (value) => {
        const [markdown, html] = [releaseMarkdown(value), await releasePage(value, CHART)]
        for (const text of [markdown, html]) expect(text).not.toMatch(/undefined|NaN|Infinity|\[object/)
        const prose = withoutFences(markdown)
        expect(withoutTags(prose, /<\/?(details|summary|code|img)( (src|width|alt)="[^"<>`|]*")*>/g)).not.toMatch(/[<>]/)
        expect(prose.replace(/`[^`\n]*`|<code>[^<]*<\/code>|<img [^>]*>/g, "")).not.toMatch(/@|&#64;(?!\u2060)/)
        expect(withoutTags(html.replace(/^<!doctype html>|<style>[^<]*<\/style>/g, ""), TAG)).not.toMatch(/[<>]/)
        expect(html).not.toMatch(/<(td|code|pre)[^>]*>\s*<(\/|td|tr)/)
        expect(unevenRows(prose)).toEqual([])
      }),
    )
  })
})

const TAG = /<\/?(html|meta|title|h[12]|p|pre|code|table|thead|tbody|tr|th|td|ul|li|strong|span|img|details|summary)( [a-z-]+="[^"<>]*")*>/g

const withoutTags = (text: string, tags: RegExp) => text.replace(tags, "")

/** Markdown without fenced blocks, each of which ends with the fence that it began with. */
function withoutFences(markdown: string): string {
  let fence = ""
  const lines = markdown.split(/\r\n|[\r\n]/).filter((line) => {
    const isFence = fence ? new RegExp(`^ {0,3}${fence}\`*\\s*$`).test(line) : /^```/.test(line)
    if (isFence) fence = fence ? "" : (line.match(/^`+/) as RegExpMatchArray)[0]
    return !isFence && !fence
  })
  expect(fence).toBe("")
  return lines.join("\n")
}

/** Rows of tables that have other cells than their head, or an empty one. */
function unevenRows(markdown: string): string[] {
  let head = 0
  return markdown.split("\n").filter((line) => {
    const cells = line.startsWith("|") ? line.split("|").slice(1, -1) : []
    head = head && cells.length ? head : cells.length
    return cells.length !== head || cells.some((cell) => !cell.trim())
  })
}

describe("what is said of an image", () => {
  const said = (image: ReportedImage, name: string) => factsOf(image).find((fact) => fact.name === name)?.text
  const change = (before: number, now: number) =>
    said({ ...BARE, compressed: now, before: { digest: "sha256:0", compressed: before } }, "change")

  test("of its size is megabytes of 10^6 bytes, with the change and its share", () => {
    expect(said(FULL, "size")).toBe("262.5 MB compressed")
    expect(said(FULL, "change")).toBe("+2.5 MB (+1.0 %)")
    expect(change(200_000_000, 150_000_000)).toBe("-50 MB (-25.0 %)")
    expect(change(0, 150_000_000)).toBe("+150 MB")
    expect(change(150_000_000, 150_000_001)).toBe("+1 B (+0.0 %)")
    expect(change(150_000_000, 150_000_000)).toBe("none: other contents of the same size")
  })

  test("of what is not known is that", () => {
    expect(["change", "digest before", "packages", "scan", "smoke test", "timings"].map((name) => said(BARE, name))).toEqual([
      "none: the first under this tag",
      "none",
      "nothing to compare them with",
      "not scanned",
      "not tested",
      "not measured",
    ])
    expect(said({ ...FULL, packages: undefined }, "packages")).toBe("not compared: a list of them is missing")
  })

  test("of time is minutes and whole seconds from a minute on", () => {
    const timings = (build: number) => said({ ...BARE, seconds: { build, smoke: 0, upload: 59.96 } }, "timings")
    expect(timings(59.94)).toBe("build 59.9 s, smoke test 0.0 s, upload 1 min 0 s")
    expect(timings(119.7)).toBe("build 2 min 0 s, smoke test 0.0 s, upload 1 min 0 s")
  })
})

test("the lines that pull and verify are ones that a shell takes as they are", () => {
  expect(pullOf(indexOf("sid"))).toBe(`docker pull ghcr.io/owner/helios@sha256:${"1".repeat(64)}`)
  expect(pullOf({ ...indexOf("sid"), digest: undefined })).toBe("docker pull ghcr.io/owner/helios:v1.2.3-sid")
  expect(pullOf({ ...indexOf("sid"), address: "127.0.0.1:5000/helios" })).toContain("docker pull 127.0.0.1:5000/helios@sha256:")
  expect(verifyOf({ ...RICH, ref: "main; rm -rf 'x'" })).toContain(`release '--ref=main; rm -rf '\\''x'\\''' --commit=0123`)
  expect(verifyOf(RICH)).toMatch(/ with-signing --public-key=cosign\.pub verify$/)
  const pattern = "^https://github\\.com/a/b/\\.github/workflows/release\\.yml@refs/heads/main$"
  expect(verifyOf({ ...RICH, means: { by: "identity", pattern } })).toMatch(/ with-signing '--identity=\^https:\S+\$' verify$/)
  const own = { issuer: "https://issuer", trust: { ctlogs: true, tlogs: true } }
  expect(verifyOf({ ...RICH, means: { by: "identity", pattern, ...own } })).toMatch(
    /\$' --oidc-issuer=https:\/\/issuer --trusted-root=trusted_root\.json verify$/,
  )
})

test("a picture's file lies in the folder of pictures, whatever the image is called", () => {
  expect(pictureOf(indexOf("sid"), BARE)).toBe("desktops/helios-v1.2.3-sid-linux-arm64.png")
  for (const platform of HOSTILE) expect(pictureOf(indexOf("../x"), { ...BARE, platform })).toMatch(/^desktops\/[A-Za-z0-9.-]+\.png$/)
})
