import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { call, clean, farm, MINUTE, MIRROR, NO_MIRROR, REGISTRY, refusedLine, room } from "../farm.ts"
import { between, digests, put, referrers } from "../registry.ts"
import { database, keyPair, trustTools } from "../trust.ts"

const COMMIT = "0123456789abcdef0123456789abcdef01234567"
const PATH = `trust-${process.pid}`
const REPOSITORY = `${PATH}/helios-kvdi`
const UNFIXED = { ID: "CVE-2099-0001", Severity: "high", Package: "libc6", Constraint: "< 99" }
const FIXED = { ID: "CVE-2099-0002", Severity: "high", Package: "libc6", Constraint: "< 99", Fixed: "99" }

let tools: { options: string[]; cosign: string }
let ours: { key: string; pub: string }
let theirs: { key: string; pub: string }
let distros: string

beforeAll(async () => {
  tools = await trustTools()
  ours = await keyPair(tools.cosign, "a passphrase")
  theirs = await keyPair(tools.cosign, "")
  process.env.HELIOS_TEST_PASSPHRASE = "a passphrase"
  distros = room()
  mkdirSync(join(distros, "mine"))
  const distro = { name: "mine", title: "Debian 12 for one platform", extends: "bookworm", platforms: ["linux/amd64"] }
  writeFileSync(join(distros, "mine/distro.json"), JSON.stringify(distro))
}, 40 * MINUTE)
afterAll(clean)

interface Asked {
  ref?: string
  commit?: string
  registry?: string
  signed?: string[]
  db?: string
}

/** The words of a call about the one image. */
function release({ ref = "refs/heads/main", commit = COMMIT, registry = REGISTRY, signed, db }: Asked, verb: string[]): string[] {
  const where = [`--repository=${registry}/${PATH}`, `--local=tcp://${registry}`]
  const which = ["only", "--distro=mine", "--profile=kvdi", "--init=supervisord"]
  const using = ["using", ...tools.options, ...(db ? [`--database=${db}`] : [])]
  return [`--distros=${distros}`, "release", `--ref=${ref}`, `--commit=${commit}`, ...where, ...which, ...using, ...(signed ?? []), ...verb]
}
const byKey = () => ["signed", `--key=file:${ours.key}`, "--passphrase=env:HELIOS_TEST_PASSPHRASE"]
const byPublicKey = (pair = ours) => ["signed", `--public-key=${pair.pub}`]
const held = () => digests(REPOSITORY)
const refused = async (args: string[]) => {
  const { stderr, exitCode } = await farm(["call", ...args], 25)
  expect(exitCode, stderr).toBe(1)
  return stderr
}

describe.sequential("a release that is signed and explained", { timeout: 30 * MINUTE }, () => {
  test.each([
    ["without anybody to sign", () => [], /^nothing would sign it: put signed before it, with --key=file:cosign\.key/],
    ["with a public key alone", () => byPublicKey(), /^nothing would sign it/],
    [
      "with two ways to sign",
      () => [...byKey(), "--identity=^https://it"],
      /^signed: --key, --public-key and --identity exclude one another/,
    ],
    [
      "with half of a workflow's identity",
      () => ["signed", "--identity=^https://it", "--oidc-url=https://it"],
      /^signed: --oidc-url and --oidc-token go together/,
    ],
    ["with another passphrase", () => ["signed", `--key=file:${ours.key}`], /the key's passphrase is another: check --passphrase$/],
    [
      "with what is no key",
      () => ["signed", `--key=file:${distros}/mine/distro.json`],
      /that is no key of cosign's: `cosign generate-key-pair` makes one$/,
    ],
  ])("%s is refused before anything is built", async (_, signed, says) => {
    expect(refusedLine(await farm(["call", ...release({ signed: signed() }, ["publish"])]))).toMatch(says)
  })

  test("isn't uploaded where the scan finds what has a fix", async () => {
    const db = await database([UNFIXED, FIXED])
    const watched = await between(() => false)
    try {
      const said = await refused(release({ signed: byKey(), db, registry: watched.registry }, ["publish"]))
      expect(said).toMatch(/unstable-mine for linux\/amd64: 1 findings that have a fix\s+high CVE-2099-0002 of libc6 \S+: fixed in 99/)
      expect(watched.requests.filter((line) => !/^(GET|HEAD) /.test(line))).toEqual([])
    } finally {
      watched.close()
    }
  })

  test("is tagged, and a client that has the public key alone verifies it", async () => {
    expect(await call(release({ signed: byKey(), db: await database([UNFIXED]) }, ["publish"]), 25)).toMatch(/^published /)
    const said = await call(release({ signed: byPublicKey() }, ["verify"]))
    expect(said).toMatch(
      /^verified \S+:unstable-mine is sha256:[0-9a-f]{64}\n {2}linux\/amd64: 13 promises kept, 3\d\d packages, 0 vulnerabilities patched, 0 excepted\n\n1 verified, 0 failed$/,
    )
  })

  test("leaves its passphrase nowhere", async () => {
    const { stdout, stderr } = await farm(["call", ...release({ signed: byKey() }, ["verify"])])
    expect(stdout).toMatch(/1 verified, 0 failed/)
    expect(stdout + stderr).not.toContain("a passphrase")
  })

  test("is promoted by who can verify it, and by no other key", async () => {
    const tag = { ref: "refs/tags/v1.2.3" }
    expect(await refused(release({ ...tag, signed: byPublicKey(theirs) }, ["promote", "--from=unstable"]))).toMatch(
      /it isn't what was signed/,
    )
    expect((await held()).has("v1.2.3-mine")).toBe(false)
    expect(await call(release({ ...tag, signed: byPublicKey() }, ["promote", "--from=unstable"]))).toMatch(/^published /)
    expect(await call(release({ ...tag, signed: byPublicKey() }, ["verify"]))).toMatch(/1 verified, 0 failed$/)
  })
})

describe.sequential("verify refuses", { timeout: 30 * MINUTE }, () => {
  const verify = (asked: Asked = {}) => refused(release({ signed: byPublicKey(), ...asked }, ["verify"]))

  test("another key's signature", async () => {
    expect(await verify({ signed: byPublicKey(theirs) })).toMatch(/it isn't what was signed: don't run it[\s\S]*0 verified, 1 failed/)
  })

  test("a tag that is not there", async () => {
    expect(await verify({ ref: "refs/heads/testing" })).toContain("helios-kvdi:testing-mine is not there: publish it first")
  })

  test("a layer that was tampered with", async () => {
    const [index] = [...(await held()).entries()].filter(([tag]) => tag === "unstable-mine").map(([, digest]) => digest)
    const read = async (digest: string) => {
      const accept = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json"
      return (await fetch(`http://${REGISTRY}/v2/${REPOSITORY}/manifests/${digest}`, { headers: { accept } })).json()
    }
    const { manifests } = (await read(index as string)) as { manifests: { digest: string }[] }
    const { layers } = (await read(manifests[0]?.digest as string)) as { layers: { digest: string; size: number }[] }
    const last = layers.at(-1) as { digest: string; size: number }
    const tampers = await between(({ url, method }, response) => {
      const isMeant = method === "GET" && url === `/v2/${REPOSITORY}/blobs/${last.digest}`
      if (isMeant) response.writeHead(200, { "content-length": last.size }).end(Buffer.alloc(last.size, "x"))
      return isMeant
    })
    try {
      expect(await verify({ registry: tampers.registry })).toMatch(/what lies there isn't what was pushed/)
    } finally {
      tampers.close()
    }
  })

  test("an image that somebody put in its place", async () => {
    // What was signed as another tag's platform is an image all the same, so it is the index that nobody signed.
    const before = await held()
    const forged = { schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: [] }
    const was = await put(REPOSITORY, "unstable-mine", JSON.stringify(forged))
    try {
      expect(await verify()).toMatch(/no signatures found|it isn't what was signed/)
    } finally {
      await put(REPOSITORY, "unstable-mine", was)
    }
    expect(await held()).toEqual(before)
  })

  test("the SBOM and the signature of another image", async () => {
    const before = (await held()).get("unstable-mine") as string
    const later = COMMIT.replace("0", "f")
    expect(await call(release({ signed: byKey(), commit: later }, ["publish"]), 25)).toMatch(/^published /)
    const after = (await held()).get("unstable-mine") as string
    const swapped = async (from: string, to: string) => {
      const was = await put(REPOSITORY, referrers(to), readFileSync(await fetched(referrers(from)), "utf8"))
      try {
        return await verify()
      } finally {
        await put(REPOSITORY, referrers(to), was)
      }
    }
    expect(await swapped(before, after), "of the index").toMatch(/it isn't what was signed/)
    const [ofBefore, ofAfter] = await Promise.all([before, after].map(platform))
    expect(await swapped(ofBefore as string, ofAfter as string), "of the platform").toMatch(/it isn't what was signed/)
    expect(await call(release({ signed: byPublicKey() }, ["verify"]))).toMatch(/1 verified, 0 failed$/)
  })

  const platform = async (index: string) => {
    const answer = await fetch(`http://${REGISTRY}/v2/${REPOSITORY}/manifests/${index}`, { headers: { accept: INDEX } })
    return ((await answer.json()) as { manifests: { digest: string }[] }).manifests[0]?.digest as string
  }
  const fetched = async (tag: string) => {
    const file = join(room(), "index.json")
    const answer = await fetch(`http://${REGISTRY}/v2/${REPOSITORY}/manifests/${tag}`, { headers: { accept: INDEX } })
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
    return file
  }
})

const INDEX = "application/vnd.oci.image.index.v1+json"

describe("the scan's gate", { timeout: 40 * MINUTE }, () => {
  const scan = (profile: string, db: string, more: string[] = []) => {
    const mirror = profile === "helios" ? [`--mirror=${MIRROR}`] : []
    const scanners = tools.options.filter((option) => !option.startsWith("--cosign"))
    return [...mirror, "image", "--distro=bookworm", `--profile=${profile}`, "scan", ...scanners, `--database=${db}`, ...more]
  }
  const listed = (until: string) => {
    const file = join(room(), "exceptions.json")
    writeFileSync(file, JSON.stringify([{ id: FIXED.ID, package: FIXED.Package, reason: "a test", owner: "the tests", until }]))
    return `--exceptions=${file}`
  }

  test("a high one that has no fix lets it pass, and is counted", async () => {
    expect(await call(scan("kvdi", await database([UNFIXED])))).toBe("1 high; 0 patched, 0 excepted, 0 in the way of a release")
  })

  test("a high one that has a fix doesn't", async () => {
    const said = await refused(scan("kvdi", await database([UNFIXED, FIXED])))
    expect(said).toMatch(
      /helios-kvdi bookworm: 1 findings that have a fix\s+high CVE-2099-0002 of libc6 \S+: fixed in 99\s+take the fix, or except it/,
    )
  })

  test("an exception lets it pass until its day", async () => {
    const db = await database([FIXED])
    expect(await call(scan("kvdi", db, [listed("2999-01-01")]))).toMatch(
      /^excepted CVE-2099-0002 of libc6 until 2999-01-01: a test \(the tests\)\n1 high; 0 patched, 1 excepted, 0 in the way/,
    )
    expect(await refused(scan("kvdi", db, [listed("2026-01-01")]))).toMatch(/fixed in 99; its exception ended on 2026-01-01 \(the tests\)/)
  })

  const helios = MIRROR ? test : test.skip
  helios(`a component's is seen, and one that a patch fixes is not in the way${MIRROR ? "" : ` (${NO_MIRROR})`}`, async () => {
    const patched = { ID: "CVE-2022-3550", Severity: "high", Vendor: "x.org", Product: "x_server", Constraint: "< 21.1.5", Fixed: "21.1.5" }
    const open = {
      ID: "CVE-2099-0003",
      Severity: "critical",
      Vendor: "libjpeg-turbo",
      Product: "libjpeg-turbo",
      Constraint: "< 99",
      Fixed: "99",
    }
    expect(await call(scan("helios", await database([patched])), 40)).toBe(
      "nothing found; 1 patched, 0 excepted, 0 in the way of a release",
    )
    expect(await refused(scan("helios", await database([patched, open])))).toMatch(
      /1 findings that have a fix\s+critical CVE-2099-0003 of libjpeg-turbo/,
    )
  })
})
