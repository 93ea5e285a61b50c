import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { call, clean, farm, MINUTE, promisesOf, refusedLine, room } from "../../support/farm.ts"
import { between, INDEX, put, referrers, textOf } from "../../support/releases/registry.ts"
import { type Asked, byKey, byPublicKey, held, later, makeTrust, REPOSITORY, release, type Trust } from "../../support/releases/released.ts"
import { database, FIXED, keyPair, UNFIXED } from "../../support/releases/trust.ts"

let trust: Trust
let theirs: { key: string; pub: string }
const refused = async (asked: Asked, verb?: string[]) => {
  const { stderr, exitCode } = await farm(["call", ...(await release(asked, verb))], 25)
  expect(exitCode, stderr).toBe(1)
  return stderr
}

beforeAll(async () => {
  trust = await makeTrust()
  theirs = await keyPair(trust.cosign, "")
}, 40 * MINUTE)
afterAll(clean)

describe.sequential("a release that is signed and explained", { timeout: 30 * MINUTE }, () => {
  test.each([
    ["without anybody to sign", () => [], /^no signing key: add `with-signing --key=file:cosign\.key`/],
    ["with a public key alone", () => byPublicKey(trust), /^no signing key/],
    [
      "with two ways to sign",
      () => [...byKey(trust), "--identity=^https://it"],
      /^with-signing: --key, --public-key and --identity exclude one another/,
    ],
    [
      "with half of a workflow's identity",
      () => ["with-signing", "--identity=^https://it", "--oidc-url=https://it"],
      /^with-signing: --oidc-url and --oidc-token go together/,
    ],
  ])("%s is refused before anything is built", async (_, signed, says) => {
    expect(refusedLine(await farm(["call", ...(await release({ signed: signed() }))]))).toMatch(says)
  })

  test.each([
    ["with another passphrase", () => trust.key, /^Error: --key: decrypt: .*; wrong passphrase for the key: check --passphrase/m],
    ["with what is no key", () => trust.pub, /^Error: --key: .*; not a cosign key: `cosign generate-key-pair` makes one/m],
  ])("%s is refused before anything is built", async (_, key, says) => {
    expect(await refused({ signed: ["with-signing", `--key=file:${key()}`] })).toMatch(says)
  })

  test("isn't uploaded where the scan finds what has a fix", async () => {
    const db = await database([UNFIXED, FIXED])
    const watched = await between(() => false)
    try {
      const said = await refused({ signed: byKey(trust), db, registry: watched.registry }, ["publish"])
      expect(said).toMatch(
        /unstable-mine for linux\/amd64: 1 vulnerability that blocks a release\s+high CVE-2099-0002 of libc6 \S+: fixed in 99/,
      )
      expect(watched.requests.filter((line) => !/^(GET|HEAD) /.test(line))).toEqual([])
    } finally {
      watched.close()
    }
  })

  test("is tagged, and a client that has the public key alone verifies it", async () => {
    expect(await call(await release({ signed: byKey(trust), db: await database([UNFIXED]) }, ["publish"]), 25)).toMatch(/^published /)
    const said = await call(await release({ signed: byPublicKey(trust) }, ["verify"]))
    const kept = promisesOf("kvdi", "supervisord").length
    expect(said).toMatch(
      RegExp(
        `^verified \\S+:unstable-mine is sha256:[0-9a-f]{64}\\n {2}linux/amd64: ${kept} promises kept, 3\\d\\d packages, 0 vulnerabilities patched, 0 excepted\\n\\n1 verified, 0 failed$`,
      ),
    )
  })

  test("leaves its passphrase nowhere", async () => {
    const { stdout, stderr } = await farm(["call", ...(await release({ signed: byPublicKey(trust) }, ["verify"]))])
    expect(stdout).toMatch(/1 verified, 0 failed/)
    expect(stdout + stderr).not.toContain("a passphrase")
  })

  test("is promoted by who can sign it, and by no other key, nor with a public one", async () => {
    const tag = { ref: "refs/tags/v1.2.3" }
    const from = ["promote", "--from=unstable"]
    expect(await refused({ ...tag, signed: byPublicKey(trust) }, from)).toMatch(/no signing key/)
    expect(await refused({ ...tag, signed: ["with-signing", `--key=file:${theirs.key}`] }, from)).toMatch(/this isn't what was signed/)
    expect((await held()).has("v1.2.3-mine")).toBe(false)
    expect(await call(await release({ ...tag, signed: byKey(trust) }, from))).toMatch(/^published /)
    expect(await call(await release({ ...tag, signed: byPublicKey(trust) }, ["verify"]))).toMatch(/1 verified, 0 failed$/)
    expect(await call(await release({ signed: byPublicKey(trust) }, ["verify"]))).toMatch(/1 verified, 0 failed$/)
  })

  test("isn't promoted once a fix is there, whatever was known when it was built, and is again with an exception until it has ended", async () => {
    const asked = { ref: "refs/tags/v1.2.4", signed: byKey(trust), db: await database([FIXED]) }
    const from = ["promote", "--from=unstable"]
    const except = (until: string) => {
      const file = join(room(), "exceptions.json")
      writeFileSync(file, JSON.stringify([{ id: FIXED.ID, package: FIXED.Package, reason: "none", owner: "nobody", until }]))
      return [`--exceptions=${file}`]
    }
    expect(await refused(asked, from)).toMatch(
      /v1\.2\.4-mine for linux\/amd64: 1 vulnerability that blocks a release\s+high CVE-2099-0002 of libc6/,
    )
    expect(await refused({ ...asked, tools: except("2020-01-01") }, from)).toMatch(/its exception ended on 2020-01-01 \(nobody\)/)
    expect((await held()).has("v1.2.4-mine")).toBe(false)
    expect(await call(await release({ ...asked, tools: except("2099-01-01") }, from))).toMatch(/^published /)
  })
})

describe.sequential("verify refuses", { timeout: 30 * MINUTE }, () => {
  const verify = (asked: Asked = {}) => refused({ signed: byPublicKey(trust), ...asked }, ["verify"])

  test("another key's signature", async () => {
    expect(await verify({ signed: byPublicKey(theirs) })).toMatch(/this isn't what was signed: don't run it[\s\S]*0 verified, 1 failed/)
  })

  test("a tag that is not there", async () => {
    expect(await verify({ ref: "refs/heads/testing" })).toContain("helios-kvdi:testing-mine doesn't exist: publish it first")
  })

  const parsed = async (reference: string) =>
    JSON.parse(await textOf(REPOSITORY, reference)) as { manifests: { digest: string }[]; layers: { digest: string; size: number }[] }
  const platformOf = async (reference: string) => (await parsed(reference)).manifests[0]?.digest as string

  test("a layer that was tampered with", async () => {
    const { layers } = await parsed(await platformOf("unstable-mine"))
    const { digest, size } = layers.at(-1) as { digest: string; size: number }
    const tampers = await between(({ url, method }, response) => {
      const isMeant = method === "GET" && url === `/v2/${REPOSITORY}/blobs/${digest}`
      if (isMeant) response.writeHead(200, { "content-length": size }).end(Buffer.alloc(size, "x"))
      return isMeant
    })
    try {
      expect(await verify({ registry: tampers.registry })).toMatch(/the registry holds something else than what was pushed/)
    } finally {
      tampers.close()
    }
  })

  test("an index that somebody put in its place", async () => {
    const before = await held()
    const forged = (await textOf(REPOSITORY, "unstable-mine")).replace("amd64", "arm64")
    const was = await put(REPOSITORY, "unstable-mine", forged)
    try {
      expect(await verify()).toMatch(/this isn't what was signed/)
    } finally {
      await put(REPOSITORY, "unstable-mine", was)
    }
    expect(await held()).toEqual(before)
  })

  test("the signature and the attestations of another image", async () => {
    const before = (await held()).get("unstable-mine") as string
    expect(await call(await release({ commit: later() }), 25)).toMatch(/^published /)
    const after = (await held()).get("unstable-mine") as string
    const [ofBefore, ofAfter] = [await platformOf(before), await platformOf(after)]
    const swapped = async (from: string, to: string) => {
      const was = await put(REPOSITORY, referrers(to), await textOf(REPOSITORY, referrers(from)))
      try {
        return await verify({ commit: later() })
      } finally {
        await put(REPOSITORY, referrers(to), was)
      }
    }
    expect(await swapped(before, after), "of the index").toMatch(/this isn't what was signed/)
    expect(await swapped(ofBefore, ofAfter), "of the platform").toMatch(/this isn't what was signed/)
    expect(await call(await release({ commit: later(), signed: byPublicKey(trust) }, ["verify"]))).toMatch(/1 verified, 0 failed$/)
  })

  test("an image without its SBOM", async () => {
    const digest = await platformOf("unstable-mine")
    const { manifests } = await parsed(referrers(digest))
    const texts = await Promise.all(manifests.map((one) => textOf(REPOSITORY, one.digest)))
    const rest = manifests.filter((_, index) => !texts[index]?.includes("https://spdx.dev/Document"))
    expect(rest).toHaveLength(manifests.length - 1)
    const was = await put(REPOSITORY, referrers(digest), JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: rest }))
    try {
      expect(await verify({ commit: later() })).toMatch(
        /none of the attestations matched the predicate type: https:\/\/spdx\.dev\/Document.*this isn't what was signed/,
      )
    } finally {
      await put(REPOSITORY, referrers(digest), was)
    }
  })
})
