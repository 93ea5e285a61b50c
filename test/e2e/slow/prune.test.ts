import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { KEY, NO_SERVICES, PUBLIC_KEY, SIGNING_CONFIG, signing, verifying } from "../../../src/core/attest/cosign.ts"
import { attachmentOf, digestOf, joined } from "../../../src/core/registry/oci.ts"
import { call, clean, farm, MINUTE, REGISTRY, room } from "../../support/farm.ts"
import { between, MANIFEST, put } from "../../support/releases/registry.ts"
import { COMMIT, held, makeTrust, REPOSITORY, release, type Trust } from "../../support/releases/released.ts"

const NIGHTS = 20
const API = `http://${REGISTRY}/v2/${REPOSITORY}`

let trust: Trust
/** Digests of the index of each night, and of its image. */
const nights: { index: string; image: string }[] = []

const stamp = (night: number) => `unstable-mine-202611${String(night + 1).padStart(2, "0")}T020000Z-${COMMIT.slice(0, 12)}`

async function must(asked: Promise<Response>): Promise<Response> {
  const answer = await asked
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`)
  return answer
}

async function putBlob(text: string) {
  const digest = digestOf(text)
  const place = (await must(fetch(`${API}/blobs/uploads/`, { method: "POST" }))).headers.get("location") as string
  const url = new URL(place, API)
  url.searchParams.set("digest", digest)
  await must(fetch(url, { method: "PUT", body: text, headers: { "content-type": "application/octet-stream" } }))
  return { digest, size: Buffer.byteLength(text) }
}

/** Puts what a night leaves in a registry there: an image, an index, its tags, and signatures of both. */
async function leave(night: number): Promise<void> {
  const config = await putBlob(
    JSON.stringify({ architecture: "amd64", os: "linux", config: {}, rootfs: { type: "layers", diff_ids: [] }, night }),
  )
  const layer = await putBlob(`night ${night}`)
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layer }],
  })
  const image = digestOf(manifest)
  await must(fetch(`${API}/manifests/${image}`, { method: "PUT", body: manifest, headers: { "content-type": MANIFEST } }))
  const text = joined(new Map([["linux/amd64", { mediaType: MANIFEST, digest: image, size: Buffer.byteLength(manifest) }]]))
  for (const tag of [stamp(night), "unstable-mine"]) await put(REPOSITORY, tag, text)
  nights.push({ index: digestOf(text), image })
  for (const digest of [image, digestOf(text)]) await cosign(["sign", ...signing({ by: "key" })], digest)
}

/** Runs cosign about a digest, with the test's own keys where the farm has those of its callers. */
async function cosign(args: string[], digest: string) {
  const files: Record<string, string> = { [KEY]: trust.key, [PUBLIC_KEY]: trust.pub, [SIGNING_CONFIG]: join(keys, "signing.json") }
  const own = args.map((arg) => arg.replace(/=(\/.*)$/, (_, path) => `=${files[path] ?? path}`))
  await execa(trust.cosign, [...own, "--allow-http-registry", `${REGISTRY}/${REPOSITORY}@${digest}`], {
    env: { COSIGN_PASSWORD: process.env.HELIOS_TEST_PASSPHRASE },
  })
}

const keys = room()

beforeAll(async () => {
  trust = await makeTrust()
  writeFileSync(join(keys, "signing.json"), NO_SERVICES)
  for (let night = 0; night < NIGHTS; night++) await leave(night)
}, 60 * MINUTE)
afterAll(clean)

describe.sequential("a registry with twenty nights of an image", { timeout: 20 * MINUTE }, () => {
  test("is told which would go, and loses nothing", async () => {
    const before = await held()
    const said = await call(await release({}, ["prune", "--keep=3"]))
    const lines = said.split("\n").filter((line) => line.startsWith("would delete "))
    expect(lines.map((line) => line.split(/[: ]/)[4])).toEqual(Array.from({ length: NIGHTS - 3 }, (_, night) => stamp(night)))
    expect(said).toMatch(/\n17 to delete, 0 needed, 0 failed; --dry-run=false deletes them$/)
    expect(await held()).toEqual(before)
  })

  test("that deletes nothing by its API says so, and keeps its signatures", async () => {
    const before = await held()
    const fixed = await between(({ method }, response) => {
      if (method === "DELETE") response.writeHead(405).end()
      return method === "DELETE"
    })
    try {
      const said = await farm(["call", ...(await release({ registry: fixed.registry }, ["prune", "--keep=19", "--dry-run=false"]))])
      expect(said.stderr).toMatch(/failed \S+ is sha256:\S+: .*405.*; the registry doesn't do that by its API/)
      expect(said.exitCode).toBe(1)
    } finally {
      fixed.close()
    }
    expect(await held()).toEqual(before)
  })

  test("has the last three afterwards, and what was signed of those alone", async () => {
    const [old, kept] = [nights.slice(0, -3), nights.slice(-3)]
    const said = await call(await release({}, ["prune", "--keep=3", "--dry-run=false"]))
    expect(said).toMatch(/\n17 deleted, 0 needed, 0 failed$/)
    const tags = [...(await held()).keys()]
    expect(tags.filter((tag) => !attachmentOf(tag)).sort()).toEqual(["unstable-mine", ...[17, 18, 19].map(stamp)].sort())
    const hanging = kept.flatMap(({ index, image }) => [index, image])
    expect(new Set(tags.flatMap((tag) => attachmentOf(tag) ?? []))).toEqual(new Set(hanging))
    for (const { index, image } of old)
      for (const digest of [index, image]) expect((await fetch(`${API}/manifests/${digest}`, { method: "HEAD" })).status).toBe(404)
    for (const digest of hanging) await cosign(["verify", ...verifying({ by: "key" })], digest)
    expect(await call(await release({}, ["prune", "--keep=3", "--dry-run=false"]))).toBe("0 deleted, 0 needed, 0 failed")
  })

  test("keeps what a rollback needs, whatever is asked", async () => {
    const said = await call(await release({}, ["prune", "--keep=1", "--dry-run=false"]))
    expect(said).toMatch(
      RegExp(`kept \\S+:${stamp(18)} is ${nights[18]?.index}: a rollback goes back to it\\n\\n1 deleted, 1 needed, 0 failed$`),
    )
  })

  test("is asked for a number, and for no release", async () => {
    const none = await farm(["call", ...(await release({}, ["prune", "--keep=0"]))])
    expect(none.stderr).toContain("--keep=0: expected how many of each tag's indexes stay, 1 or more")
    const fixed = await farm(["call", ...(await release({ ref: "refs/tags/v1.2.3" }, ["prune", "--keep=3"]))])
    expect(fixed.stderr).toContain("--ref=refs/tags/v1.2.3: a release is kept for good; prune main or testing")
  })
})
