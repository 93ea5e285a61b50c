import { describe, expect, test } from "vitest"
import { authFile, parseRepository } from "../../src/core/registry/access.ts"
import { compressedBytes, type Descriptor, digestOf, joined, labelsOf, layoutOf, manifests, tagsOf } from "../../src/core/registry/oci.ts"
import { report, type TargetOutcome } from "../../src/core/release/outcome.ts"
import type { ReleaseTarget } from "../../src/core/release/targets.ts"
import { indexOf, parseTested } from "../../src/core/release/tested.ts"

const descriptor = (digit: string): Descriptor => ({
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  digest: `sha256:${digit.repeat(64)}`,
  size: 1234,
})

describe("an index", () => {
  const images: [string, Descriptor][] = [
    ["linux/arm64", descriptor("b")],
    ["linux/amd64", { ...descriptor("a"), annotations: { name: "left out" } } as Descriptor],
  ]
  const index = joined(new Map(images))

  test("names each platform's manifest, sorted, and nothing else", () => {
    expect(JSON.parse(index)).toEqual({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [
        { ...descriptor("a"), platform: { architecture: "amd64", os: "linux" } },
        { ...descriptor("b"), platform: { architecture: "arm64", os: "linux" } },
      ],
    })
    expect(manifests("it", index).map(({ digest }) => digest)).toEqual([descriptor("a").digest, descriptor("b").digest])
  })

  test("has the same bytes whatever order its images come in, and another for another image", () => {
    expect(joined(new Map([...images].reverse()))).toBe(index)
    expect(joined(new Map([["linux/arm64", descriptor("c")]]))).not.toBe(index)
  })

  test("lies in an OCI layout under the digest of its bytes", () => {
    const files = layoutOf(index)
    const [entry] = manifests("index.json", files.get("index.json") as string) as [Descriptor]
    const blob = files.get(`blobs/sha256/${entry.digest.slice(7)}`) as string
    expect([digestOf(blob), Buffer.byteLength(blob)]).toEqual([entry.digest, entry.size])
    expect(JSON.parse(files.get("oci-layout") as string)).toEqual({ imageLayoutVersion: "1.0.0" })
  })

  test("an image's compressed size is that of its layers", () => {
    const layers = [descriptor("a"), descriptor("b")]
    expect(compressedBytes("it", JSON.stringify({ config: descriptor("c"), layers }))).toBe(2468)
    expect(() => compressedBytes("it", "{}")).toThrow("it: layers: expected array, got nothing")
  })

  test("that a registry garbled is refused by its name", () => {
    expect(() => manifests("helios:v1", "<html>")).toThrow(/^helios:v1: expected JSON/)
    expect(() => manifests("helios:v1", '{"manifests":[{"mediaType":"x","digest":"sha256:1","size":1}]}')).toThrow(
      "helios:v1: manifests[0].digest: expected sha256: and 64 hexadecimal digits",
    )
  })
})

describe("a registry", () => {
  test("is a host and a path", () => {
    expect(parseRepository("127.0.0.1:5000/a/b")).toEqual({ host: "127.0.0.1:5000", path: "a/b" })
  })

  test("gets an account's credentials as container tools store them, or none", () => {
    const { auths } = JSON.parse(authFile("ghcr.io", { username: "me", password: "a:b" }))
    expect(Buffer.from(auths["ghcr.io"].auth, "base64").toString()).toBe("me:a:b")
    expect(authFile("ghcr.io")).toBe('{"auths":{}}')
  })

  test("with capitals in its path has lower-case letters, as OCI's names do", () => {
    expect(parseRepository("GHCR.io/Juno-FX/Desks")).toEqual({ host: "ghcr.io", path: "juno-fx/desks" })
  })

  test.each(["docker.io", "index.docker.io"])("called %s is Docker Hub by each name that a tool looks for", (host) => {
    const { auths } = JSON.parse(authFile(host, { username: "me", password: "b" }))
    expect(Object.keys(auths).sort()).toEqual(["docker.io", "https://index.docker.io/v1/", "index.docker.io"])
    expect(new Set(Object.values<{ auth: string }>(auths).map(({ auth }) => auth)).size).toBe(1)
  })
})

test("what a registry says of labels and tags is checked", () => {
  expect(labelsOf("it", '{"config":{"Labels":{"a":"b"}}}')).toEqual({ a: "b" })
  expect(labelsOf("it", '{"config":{}}')).toEqual({})
  expect(() => labelsOf("it", "<html>")).toThrow(/^it: expected JSON/)
  expect(tagsOf("it", '{"Tags":["a"]}')).toEqual(["a"])
  expect(() => tagsOf("it", "{}")).toThrow("it: Tags: expected array, got nothing")
})

describe("images that several machines proved", () => {
  const one = { repository: "helios", tag: "v1.2.3-a", platforms: ["linux/amd64", "linux/arm64"] } as ReleaseTarget
  const proven = (platform: string, digit: string, tag = one.tag) =>
    JSON.stringify([{ repository: "helios", tag, platform, ...descriptor(digit) }])

  test("are one index, as if one machine had done it", () => {
    const index = indexOf(
      one,
      parseTested([proven("linux/arm64", "b"), proven("linux/amd64", "a"), proven("linux/arm64", "c", "v1.2.3-other")]),
    )
    const both = new Map([
      ["linux/amd64", descriptor("a")],
      ["linux/arm64", descriptor("b")],
    ])
    expect(index).toBe(joined(both))
  })

  test("are none while a platform is missing", () => {
    expect(() => indexOf(one, parseTested([proven("linux/amd64", "a"), proven("linux/arm64", "b", "v1.2.3-other")]))).toThrow(
      "helios:v1.2.3-a was not tested for linux/arm64, so its tag stays; run `prove --platform=…` and `join` again",
    )
  })

  test.each([
    ["{", /^--proven: expected JSON/],
    ['[{"tag":"a"}]', /^--proven: \[0\]\.mediaType: expected string, got nothing$/],
  ])("%s is refused", (text, says) => {
    expect(() => parseTested([text])).toThrow(says)
  })
})

test("a release's report has a line for each tag, the reasons and the counts", () => {
  const one = (tag: string) => ({ repository: "helios", tag }) as ReleaseTarget
  const all: TargetOutcome[] = [
    { target: one("v1.2.3-a"), state: "published", digest: "sha256:1" },
    { target: one("v1.2.3-b"), state: "failed", reason: "helios:v1.2.3-b for linux/arm64: a promise was not kept" },
    { target: one("v1.2.3-c"), state: "unchanged", digest: "sha256:2" },
  ]
  expect(report("ghcr.io/owner", all)).toBe(`published ghcr.io/owner/helios:v1.2.3-a is sha256:1
failed    ghcr.io/owner/helios:v1.2.3-b was not moved
unchanged ghcr.io/owner/helios:v1.2.3-c is sha256:2

helios:v1.2.3-b for linux/arm64: a promise was not kept

1 published, 1 unchanged, 1 failed`)
})
