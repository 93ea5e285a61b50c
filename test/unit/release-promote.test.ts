import { describe, expect, test } from "vitest"
import { annotationsOf } from "../../src/core/attest/publication.ts"
import { manifests } from "../../src/core/registry/oci.ts"
import { formatOutcome } from "../../src/core/release/outcome.ts"
import { promote } from "../../src/verbs/release/promote.ts"
import { verify } from "../../src/verbs/release/verify.ts"
import { Bench, COMMIT, commitOf, only, REPOSITORY, target } from "../support/releases/release.ts"

const LATER = commitOf("f")
const unstable = target("unstable")
const release = target("v1.2.3")

describe("promote", () => {
  test("tags what a channel has, byte for byte, and pushes no image", async () => {
    const bench = new Bench()
    const digest = await bench.published(unstable)
    expect(only(await promote(bench, [release], "unstable"))).toMatchObject({ state: "published", digest })
    expect(bench.registry.at(REPOSITORY, "v1.2.3-bookworm")).toBe(digest)
    expect(bench.registry.writes.filter((line) => line.startsWith("pushImage"))).toEqual([])
    expect(only(await promote(bench, [release], "unstable")).state).toBe("unchanged")
  })

  test.each<[string, string, (bench: Bench) => unknown]>([
    ["a downgrade", "v2.0.0-bookworm already exists; release a later version", (bench) => bench.published(target("v2.0.0"))],
    [
      "one whose image was deleted",
      "is not there",
      async (bench) => {
        const index = (await bench.registry.manifest(REPOSITORY, unstable.tag)) as string
        bench.registry.repositories.get(REPOSITORY)?.labels.delete(manifests("it", index)[1]?.digest as string)
      },
    ],
    ["one that isn't signed", "no signatures found", (bench) => Object.assign(bench, { signer: new Bench().signer })],
    ["one with a hole that is known since", "CVE-2099-0002", (bench) => bench.known.set("", "CVE-2099-0002")],
    [
      "one whose images nobody attested",
      "none of the attestations",
      async (bench) => {
        const digest = await bench.published(unstable)
        Object.assign(bench, { signer: new Bench().signer })
        await bench.signer.sign(REPOSITORY, digest, annotationsOf(unstable))
        const index = (await bench.registry.manifest(REPOSITORY, unstable.tag)) as string
        for (const image of manifests("it", index)) await bench.signer.sign(REPOSITORY, image.digest)
      },
    ],
  ])("%s is refused, and no tag is written", async (_, says, change) => {
    const bench = new Bench()
    await bench.published(unstable)
    await change(bench)
    const outcome = only(await promote(bench, [release], "unstable"))
    expect([outcome.state, outcome.reason]).toEqual(["failed", expect.stringContaining(says)])
    expect(bench.registry.at(REPOSITORY, "v1.2.3-bookworm")).toBe(undefined)
    expect(bench.registry.writes).toEqual([])
  })

  test.each<[string, string, (bench: Bench) => unknown]>([
    ["nothing", "unstable-bookworm doesn't exist, so it can't be promoted", (bench) => bench.registry.delete(REPOSITORY, unstable.tag)],
    ["another commit", `was built from ${LATER}, not from --commit=${COMMIT}, so`, (bench) => bench.published(unstable, LATER)],
  ])("a channel that has %s is told of and fails nothing", async (_, says, change) => {
    const bench = new Bench()
    await bench.published(unstable)
    await change(bench)
    const outcome = only(await promote(bench, [release], "unstable"))
    expect([outcome.state, outcome.reason]).toEqual(["absent", expect.stringContaining(says)])
    expect(formatOutcome({ repository: "registry.test/path" }, [outcome])).toMatch(
      /^absent {4}registry\.test\/path\/helios:v1\.2\.3-bookworm was not moved\n[\s\S]*\n0 published, 0 unchanged, 1 absent, 0 failed\n$/,
    )
    expect(bench.registry.writes).toEqual([])
  })

  test("scans each platform's SBOM anew, and one that is promoted already not again", async () => {
    const bench = new Bench()
    await bench.published(unstable)
    await promote(bench, [release], "unstable")
    expect(bench.judged).toEqual(["linux/amd64", "linux/arm64"].map((platform) => `helios:v1.2.3-bookworm for ${platform}`))
    bench.known.set("", "CVE-2099-0002")
    expect(only(await promote(bench, [release], "unstable")).state).toBe("unchanged")
  })

  test("lets what it promoted be verified as what it is now, and as what it was", async () => {
    const bench = new Bench()
    await bench.published(unstable)
    await promote(bench, [release], "unstable")
    expect((await verify(bench, [release, unstable])).map(({ reason }) => reason)).toEqual([undefined, undefined])
  })
})
