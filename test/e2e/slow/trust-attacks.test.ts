import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { call, clean, farm, MINUTE } from "../../support/farm.ts"
import { INDEX, put, referrers, textOf } from "../../support/releases/registry.ts"
import { type Asked, byPublicKey, COMMIT, later, makeTrust, REPOSITORY, release, type Trust } from "../../support/releases/released.ts"

// What test/unit/release-attacks.test.ts tries on a registry in memory, where it takes cosign to see that it is refused.
const LATER = later()
let trust: Trust

beforeAll(async () => {
  trust = await makeTrust()
}, 40 * MINUTE)
afterAll(clean)

/** What `verify` says that refuses; by default it is asked for what unstable is. */
async function refused(asked: Asked = {}): Promise<string> {
  const words = await release({ signed: byPublicKey(trust), commit: LATER, ...asked }, ["verify"])
  const { stderr, exitCode } = await farm(["call", ...words], 25)
  expect(exitCode, stderr).toBe(1)
  return stderr
}

/** What it says while a tag names something else. */
async function meddled(tag: string, text: string, asked: Asked = {}): Promise<string> {
  const was = await put(REPOSITORY, tag, text)
  try {
    return await refused(asked)
  } finally {
    await put(REPOSITORY, tag, was)
  }
}

const as = (tag: string, ref: string, commit: string) => `helios-kvdi:${tag} from ${ref} at ${commit.slice(0, 12)}`
const BEFORE = as("unstable-mine", "refs/heads/main", COMMIT)
const NOW = as("unstable-mine", "refs/heads/main", LATER)
const ADVICE = "don't run it, and find out who pushed it"

describe.sequential("what somebody who may push tries", { timeout: 30 * MINUTE }, () => {
  test("comes after two commits and a version were published", async () => {
    expect(await call(await release({}), 25)).toMatch(/^published /)
    expect(await call(await release({ ref: "refs/tags/v1.2.3" }, ["promote", "--from=unstable"]))).toMatch(/^published /)
    expect(await call(await release({ commit: LATER }), 25)).toMatch(/^published /)
    for (const asked of [{ commit: LATER }, { ref: "refs/tags/v1.2.3" }])
      expect(await call(await release({ signed: byPublicKey(trust), ...asked }, ["verify"]))).toMatch(/1 verified, 0 failed$/)
  })

  test("the index of an earlier commit, signed as it is, under the tag that it had", async () => {
    const said = await meddled("unstable-mine", await textOf(REPOSITORY, "v1.2.3-mine"))
    expect(said).toContain(BEFORE)
    expect(said).toContain(`, not as ${NOW}: ${ADVICE}`)
    expect(await refused({ commit: COMMIT })).toContain(`signed as ${NOW}, not as ${BEFORE}: ${ADVICE}`)
  })

  test("a signed index under a version's tag that nobody made", async () => {
    await put(REPOSITORY, "v2.0.0-mine", await textOf(REPOSITORY, "unstable-mine"))
    const said = await refused({ ref: "refs/tags/v2.0.0" })
    expect(said).toContain(`signed as ${NOW}, not as ${as("v2.0.0-mine", "refs/tags/v2.0.0", LATER)}: ${ADVICE}`)
  })

  const parsed = async (reference: string) => JSON.parse(await textOf(REPOSITORY, reference)) as { manifests: { digest: string }[] }
  const image = async () => (await parsed("unstable-mine")).manifests[0]?.digest as string

  test("an image in place of its index, which is signed as well", async () => {
    const said = await meddled("unstable-mine", await textOf(REPOSITORY, await image()))
    expect(said).toContain(`unstable-mine: signed as what has no tag, not as ${NOW}: ${ADVICE}`)
  })

  test("an image with its attestations, which cosign counts as signatures, and no signature", async () => {
    const referring = referrers(await image())
    const { manifests } = await parsed(referring)
    const texts = await Promise.all(manifests.map((one) => textOf(REPOSITORY, one.digest)))
    const rest = manifests.filter((_, index) => !texts[index]?.includes("https://sigstore.dev/cosign/sign/v1"))
    expect(rest).toHaveLength(manifests.length - 1)
    const index = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: rest })
    expect(await meddled(referring, index)).toMatch(/attested, but not signed; this isn't what was signed/)
  })
})
