import { mkdirSync, writeFileSync } from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { call, clean, farm, MINUTE, REGISTRY, refusedLine, room, start, until } from "../farm.ts"
import { between, digests } from "../registry.ts"
import { database, keyPair, trustTools } from "../trust.ts"

const COMMIT = "0123456789abcdef0123456789abcdef01234567"
const LATER = COMMIT.replace("0", "f")
const PATH = `release-${process.pid}`
const held = () => digests(`${PATH}/helios-kvdi`)

let signed: string[]

beforeAll(async () => {
  const { options, cosign } = await trustTools()
  const { key } = await keyPair(cosign, "")
  signed = ["using", ...options, `--database=${await database([])}`, "signed", `--key=file:${key}`]
}, 40 * MINUTE)
afterAll(clean)

/** A folder with a distro of one platform, "mine", and files that lie over its images. */
function mine(files: Record<string, string> = {}): string {
  const folder = room()
  const distro = { name: "mine", title: "Debian 12 for one platform", extends: "bookworm", platforms: ["linux/amd64"] }
  for (const [path, text] of Object.entries({ "distro.json": JSON.stringify(distro), ...files })) {
    mkdirSync(join(folder, "mine", path, ".."), { recursive: true })
    writeFileSync(join(folder, "mine", path), text, { mode: 0o755 })
  }
  return folder
}

interface Asked {
  ref?: string
  commit?: string
  distros?: string
  registry?: string
  more?: string[]
}

/** The words of a call that releases the one image. */
function release(
  { ref = "refs/heads/main", commit = COMMIT, distros = mine(), registry = REGISTRY, more = [] }: Asked,
  verb = ["publish"],
) {
  const where = [`--repository=${registry}/${PATH}`, `--local=tcp://${registry}`, ...more]
  const which = ["only", "--distro=mine", "--profile=kvdi", "--init=supervisord"]
  return [`--distros=${distros}`, "release", `--ref=${ref}`, `--commit=${commit}`, ...where, ...which, ...signed, ...verb]
}

describe.sequential("the tags of one image", { timeout: 30 * MINUTE }, () => {
  test("a branch that publishes nothing builds nothing and says so", async () => {
    const said = await call(release({ ref: "refs/heads/topic" }))
    expect(said).toBe("refs/heads/topic publishes nothing: main, testing and tags such as v1.2.3 do")
  })

  test("main moves unstable to an index that was proven, and its twin names the same", async () => {
    expect(await call(release({}), 25)).toMatch(
      /^published \S+:unstable-mine is sha256:[0-9a-f]{64}\n\n1 published, 0 unchanged, 0 failed$/,
    )
    const tags = await held()
    const twin = [...tags.keys()].find((tag) => /^unstable-mine-\d{8}T\d{6}Z-0123456789ab$/.test(tag))
    expect([...tags.keys()].filter((tag) => !tag.startsWith("sha256-")).sort()).toEqual(["unstable-mine", twin])
    expect(tags.get("unstable-mine")).toBe(tags.get(twin as string))
  })

  test("the same again uploads nothing and moves nothing", async () => {
    const before = await held()
    const watched = await between(() => false)
    try {
      expect(await call(release({ registry: watched.registry }))).toMatch(/\n0 published, 1 unchanged, 0 failed$/)
      expect(watched.requests.filter((line) => !/^(GET|HEAD) /.test(line))).toEqual([])
      expect(watched.requests).not.toEqual([])
    } finally {
      watched.close()
    }
    expect(await held()).toEqual(before)
  })

  test("a release is what unstable has, by digest: nothing is uploaded but its index", async () => {
    const watched = await between(() => false)
    try {
      expect(await call(release({ ref: "refs/tags/v1.2.3", registry: watched.registry }, ["promote", "--from=unstable"]))).toMatch(
        /^published /,
      )
      expect(watched.requests.filter((line) => /^(POST|PATCH) /.test(line))).toEqual([])
    } finally {
      watched.close()
    }
    const tags = await held()
    expect(tags.get("v1.2.3-mine")).toBe(tags.get("unstable-mine"))
    expect(await call(release({ ref: "refs/tags/v1.2.3" }, ["promote", "--from=unstable"]))).toMatch(/^unchanged /)
  })

  test("another commit moves unstable on", async () => {
    const before = await held()
    expect(await call(release({ commit: LATER }), 25)).toMatch(/^published /)
    const after = await held()
    expect(after.get("unstable-mine")).not.toBe(before.get("unstable-mine"))
    expect([...after.keys()].filter((tag) => !before.has(tag) && !tag.startsWith("sha256-"))).toHaveLength(1)
  })

  test.each([
    ["v1.2.3", LATER, "v1.2.3-mine is there with another digest, sha256:\\S+: what was released stays; release a later version"],
    ["v1.2.2", LATER, "v1.2.2-mine would go backwards: v1.2.3-mine is there; release a later version"],
    ["v1.2.4", COMMIT, `unstable-mine was built from ${LATER}, not from --commit=${COMMIT}: publish that commit there first`],
  ])("%s of %s is refused", async (version, commit, says) => {
    const before = await held()
    const refused = await farm(["call", ...release({ ref: `refs/tags/${version}`, commit }, ["promote", "--from=unstable"])])
    expect(refused.stderr).toMatch(RegExp(`helios-kvdi:${says}`))
    expect([refused.exitCode, await held()]).toEqual([1, before])
  })

  test("a channel that has nothing is not promoted", async () => {
    const refused = await farm(["call", ...release({ ref: "refs/tags/v1.2.4" }, ["promote"])])
    expect(refused.stderr).toContain("helios-kvdi:testing-mine is not there to be promoted: publish it first")
    expect(refused.exitCode).toBe(1)
  })

  test("rollback goes back to what was before, and no further", async () => {
    const before = await held()
    expect(await call(release({}, ["rollback"]))).toMatch(/^published /)
    expect(await held()).toEqual(new Map([...before, ["unstable-mine", before.get("v1.2.3-mine")]]))
    const again = await farm(["call", ...release({}, ["rollback"])])
    expect(again.stderr).toContain("helios-kvdi:unstable-mine has nothing before it to go back to: its twins are unstable-mine-")
    const fixed = await farm(["call", ...release({ ref: "refs/tags/v1.2.3" }, ["rollback"])])
    expect(fixed.stderr).toContain("helios-kvdi:v1.2.3-mine is a release's and stays; release a later version")
  })

  test("an image that breaks a promise isn't tagged, and what is there stays", async () => {
    const before = await held()
    const distros = mine({ "root/usr/bin/xfce4-panel": "#!/bin/sh\nexec sleep infinity\n" })
    const broken = await farm(["call", ...release({ distros })], 25)
    expect(broken.stderr).toMatch(
      /unstable-mine stays as it was[\s\S]*unstable-mine for linux\/amd64: a promise was not kept[\s\S]*0 published, 0 unchanged, 1 failed/,
    )
    expect([broken.exitCode, await held()]).toEqual([1, before])
  })
})

describe.sequential("a registry that fails leaves no tag and is told of", { timeout: 15 * MINUTE }, () => {
  const code = (status: number, only: RegExp) => (asked: IncomingMessage, response: ServerResponse) => {
    const isMeant = only.test(`${asked.method} ${asked.url}`)
    if (isMeant) response.writeHead(status).end()
    return isMeant
  }

  test.each([
    ["wants credentials", code(401, /./), /it wants other credentials: check --username and --password/],
    ["answers 500", code(500, /./), /it is in trouble: see to the registry/],
    ["is full", code(507, /^(POST|PATCH|PUT) .*\/uploads\//), /507.*; it is in trouble: see to the registry/],
    ["fails half-way through an upload", code(503, /^PATCH /), /503.*; it is in trouble: see to the registry/],
  ])("one that %s", async (_, answer, says) => {
    const before = await held()
    const broken = await between(answer)
    try {
      // Another commit makes another image, so that there is something to upload.
      const said = await farm(["call", ...release({ registry: broken.registry, commit: COMMIT.replace("0", "e") })])
      expect(said.stderr).toMatch(says)
      expect(said.exitCode).toBe(1)
    } finally {
      broken.close()
    }
    expect(await held()).toEqual(before)
  })

  test("one that asks who comes gets the account, which is told nowhere else", async () => {
    const token = "a-token-of-nobody"
    const account = `Basic ${Buffer.from(`somebody:${token}`).toString("base64")}`
    const asks = await between(({ headers }, response) => {
      const isKnown = headers.authorization === account
      if (!isKnown) response.writeHead(401, { "www-authenticate": 'Basic realm="here"' }).end()
      return !isKnown
    })
    process.env.HELIOS_TEST_TOKEN = token
    const asked = (password: string) =>
      farm(["call", ...release({ registry: asks.registry, more: ["--username=somebody", `--password=${password}`] }, ["rollback"])])
    try {
      const known = await asked("env:HELIOS_TEST_TOKEN")
      expect(known.stderr).toContain("unstable-mine has nothing before it to go back to")
      expect(known.stdout + known.stderr).not.toContain(token)
      process.env.HELIOS_TEST_TOKEN = "another"
      expect((await asked("env:HELIOS_TEST_TOKEN")).stderr).toContain("it wants other credentials: check --username and --password")
    } finally {
      asks.close()
    }
  })

  test("one that isn't there", async () => {
    expect(await farm(["call", ...release({ registry: "127.0.0.1:9" })])).toMatchObject({ exitCode: 1 })
  })
})

describe.sequential("what comes in between", { timeout: 30 * MINUTE }, () => {
  test("two releases of one tag at once: both are proven, and the tag names one of them", async () => {
    const commits = ["a", "b"].map((digit) => COMMIT.replace("0", digit))
    const both = await Promise.all(commits.map((commit) => farm(["call", ...release({ commit, ref: "refs/heads/testing" })], 28)))
    const tags = await held()
    const named = tags.get("testing-mine")
    const twins = [...tags].filter(([tag]) => /^testing-mine-\d/.test(tag)).map(([, digest]) => digest)
    expect(twins).toContain(named)
    expect(new Set(twins).size).toBe(2)
    for (const { exitCode, stderr, stdout } of both)
      expect(exitCode ? stderr : stdout).toMatch(
        /^published |testing-mine was moved by someone else meanwhile; testing-mine-\S+ is what this made/m,
      )
    expect(both.filter(({ exitCode }) => exitCode === 0)).not.toEqual([])
  })

  test("one that is cancelled in the middle leaves the tag, and the same again finishes it", async () => {
    const before = (await held()).get("unstable-mine")
    const asked = release({ commit: COMMIT.replace("0", "c") })
    const cut = await between(() => false)
    const cancelled = start(["call", ...release({ commit: COMMIT.replace("0", "c"), registry: cut.registry })], 25)
    try {
      await until("it uploads", 20 * 60, () => cut.requests.some((line) => /^(PATCH|PUT) /.test(line)))
      cancelled.kill("SIGINT")
      expect((await cancelled).exitCode).not.toBe(0)
    } finally {
      cut.close()
    }
    expect((await held()).get("unstable-mine")).toBe(before)
    expect(await call(asked, 25)).toMatch(/^published /)
    expect((await held()).get("unstable-mine")).not.toBe(before)
  })
})

describe("what is refused before anything is built", () => {
  test.each([
    [{ ref: "refs/tags/v1.2" }, /^--ref=refs\/tags\/v1\.2: expected a release's tag by semver/],
    [{ ref: "refs/tags/v1.2.3-rc.1" }, /^--ref=refs\/tags\/v1\.2\.3-rc\.1: pre-releases and builds are not published/],
    [{ more: ["--username=somebody"] }, /^--username and --password go together: expected both, or neither$/],
    [{ commit: "0123" }, /^--commit=0123: expected a git commit of 40 hexadecimal digits$/],
  ])("%j", async (asked, says) => {
    expect(refusedLine(await farm(["call", ...release(asked)]))).toMatch(says)
  })
})
