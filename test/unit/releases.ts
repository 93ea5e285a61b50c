import fc from "fast-check"
import type { ReleaseReport, ReportedImage, ReportedIndex } from "../../src/core/report/model.ts"

const digest = (digit: string) => `sha256:${digit.repeat(64)}`
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

/** The least that is told of an image. */
export const BARE: ReportedImage = { platform: "linux/arm64", digest: digest("b"), compressed: 250_000_000 }

/** All that can be told of one. */
export const FULL: ReportedImage = {
  platform: "linux/amd64",
  digest: digest("a"),
  compressed: 262_512_345,
  before: { digest: digest("9"), compressed: 260_000_000 },
  packages: {
    added: ["libllvm19"],
    removed: ["libllvm15"],
    changed: Array.from({ length: 20 }, (_, at) => ({ name: `lib${at}`, from: `1.${at}-1`, to: `1.${at}-2` })),
  },
  files: {
    added: 1,
    removed: 0,
    changed: 101,
    bytes: { from: 655_800_000, to: 656_912_345 },
    most: ["+ /usr/lib/libLLVM-19.so 1.1 MB", "~ /etc/fonts.conf other contents of the same size"],
  },
  scan: {
    critical: 0,
    high: 2,
    medium: 14,
    low: 61,
    excepted: [{ id: "CVE-2026-1234", package: "libxml2", owner: "@desktops", until: "2027-01-31", reason: "Nothing here reads schemas" }],
  },
  smoke: {
    passed: 17,
    failed: 0,
    skipped: 1,
    seconds: 212.3,
    promises: [
      { promise: "user", seconds: 3.21 },
      { promise: "web", seconds: 61.5 },
    ],
  },
  png: PNG,
  seconds: { build: 723.4, smoke: 212.3, upload: 38.1 },
}

/** An index of some images. */
export function indexOf(image: string, change: Partial<ReportedIndex> = {}): ReportedIndex {
  const immutableTag = `v1.2.3-${image}-20261126T021802Z-0123456789ab`
  const address = `ghcr.io/owner/helios:v1.2.3-${image}`
  return { address, immutableTag, state: "published", digest: digest("1"), images: [BARE], history: [], ...change }
}

/** A release of some indexes. */
export function releaseOf(...indexes: ReportedIndex[]): ReleaseReport {
  const commit = "0123456789abcdef0123456789abcdef01234567"
  return {
    ref: "refs/tags/v1.2.3",
    commit,
    repository: "ghcr.io/owner",
    means: { by: "key" },
    created: "2026-11-26T02:18:02.120Z",
    indexes,
  }
}

/** A release that has one of everything. */
export const RICH = releaseOf(
  indexOf("bookworm", {
    images: [FULL, BARE],
    history: [
      { tag: "v1.1.0-bookworm", compressed: [{ platform: "linux/amd64", bytes: 255_000_000 }] },
      {
        tag: "v1.2.0-bookworm",
        compressed: [
          { platform: "linux/amd64", bytes: 260_000_000 },
          { platform: "linux/arm64", bytes: 249_000_000 },
        ],
      },
    ],
  }),
  indexOf("sid", {
    state: "unchanged",
    images: [
      {
        ...FULL,
        before: { digest: FULL.digest, compressed: FULL.compressed },
        packages: { added: [], removed: [], changed: [] },
        files: { added: 0, removed: 0, changed: 0, bytes: { from: 656_912_345, to: 656_912_345 }, most: [] },
        seconds: undefined,
      },
    ],
  }),
  indexOf("trixie", {
    state: "failed",
    digest: undefined,
    reason: "linux/arm64 kept 17 of 18 promises\n```\nweb: expected 200, got 503",
    images: [],
  }),
  indexOf("noble", { state: "absent", digest: undefined, images: [] }),
)

/** Texts that mean something to Markdown, HTML or a terminal, or are none. */
export const HOSTILE = [
  "a|b`c``d\n# e",
  "```\n<b>@octocat",
  "<script>alert(1)</script>",
  '" onerror="x',
  "</details>\\|[x](y)",
  "\u0000\u001b[31m",
  "&lt;",
  "",
  "  ",
]

/** Any release that its types allow. */
export function anyRelease(): fc.Arbitrary<ReleaseReport> {
  const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 12 }), fc.constantFrom("@octocat", "mesa"))
  const bytes = fc.oneof(fc.constant(0), fc.nat(2_000_000_000))
  const count = fc.nat(30)
  const seconds = fc.double({ min: 0, max: 1e5, noNaN: true })
  const full: fc.Arbitrary<Required<ReportedImage>> = fc.record({
    platform: fc.oneof(fc.constantFrom("linux/amd64", "linux/arm64"), text),
    digest: text,
    compressed: bytes,
    before: fc.record({ digest: text, compressed: bytes }),
    packages: fc.record({
      added: fc.array(text, { maxLength: 15 }),
      removed: fc.array(text, { maxLength: 15 }),
      changed: fc.array(fc.record({ name: text, from: text, to: text }), { maxLength: 15 }),
    }),
    files: fc.record({
      added: count,
      removed: count,
      changed: count,
      bytes: fc.record({ from: bytes, to: bytes }),
      most: fc.array(
        text.map((path) => `~ ${path}`),
        { maxLength: 3 },
      ),
    }),
    scan: fc.record({
      critical: count,
      high: count,
      medium: count,
      low: count,
      excepted: fc.array(fc.record({ id: text, package: text, owner: text, until: text, reason: text }), { maxLength: 3 }),
    }),
    smoke: fc.record({
      passed: count,
      failed: count,
      skipped: count,
      seconds,
      promises: fc.array(fc.record({ promise: text, seconds }), { maxLength: 3 }),
    }),
    png: text,
    seconds: fc.record({ build: seconds, smoke: seconds, upload: seconds }),
  })
  const known = fc.subarray(["before", "packages", "files", "scan", "smoke", "png", "seconds"] as const)
  const image = fc.tuple(full, known).map(([all, keep]): ReportedImage => {
    const { platform, digest, compressed } = all
    return { platform, digest, compressed, ...Object.fromEntries(keep.map((name) => [name, all[name]])) }
  })
  const index: fc.Arbitrary<ReportedIndex> = fc.record(
    {
      address: text.map((tag) => `ghcr.io/owner/helios:${tag}`),
      immutableTag: text,
      state: fc.constantFrom("published", "unchanged", "failed", "absent"),
      digest: text,
      reason: text,
      images: fc.array(image, { maxLength: 3 }),
      history: fc.array(fc.record({ tag: text, compressed: fc.array(fc.record({ platform: text, bytes }), { maxLength: 2 }) })),
    },
    { requiredKeys: ["address", "immutableTag", "state", "images", "history"] },
  )
  const means = fc.oneof(fc.constant({ by: "key" as const }), fc.record({ by: fc.constant("identity" as const), pattern: text }))
  return fc.record({ ref: text, commit: text, repository: text, means, created: text, indexes: fc.array(index, { maxLength: 3 }) })
}
