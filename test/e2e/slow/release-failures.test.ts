import type { IncomingMessage, ServerResponse } from "node:http"
import { setTimeout } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { call, clean, farm, MINUTE, start, until } from "../../support/farm.ts"
import { between } from "../../support/releases/registry.ts"
import { byPublicKey, held, later, makeTrust, release } from "../../support/releases/released.ts"

beforeAll(makeTrust, 40 * MINUTE)
afterAll(clean)

/** Does something to the requests that are meant, and lets the registry answer the others. */
const to =
  (meant: RegExp, act: (asked: IncomingMessage, response: ServerResponse) => void) =>
  (asked: IncomingMessage, response: ServerResponse) => {
    const isMeant = meant.test(`${asked.method} ${asked.url}`)
    if (isMeant) act(asked, response)
    return isMeant
  }

describe.sequential("a registry that fails leaves no tag and is told of", { timeout: 15 * MINUTE }, () => {
  const code = (status: number, meant: RegExp) => to(meant, (_, response) => response.writeHead(status).end())
  const drop = to(/^PATCH /, (asked) => asked.once("data", () => asked.socket.destroy()))

  test.each<[string, Parameters<typeof between>[0], RegExp]>([
    ["wants credentials", code(401, /./), /the registry rejected the credentials: check --username and --password/],
    ["answers 500", code(500, /./), /the registry failed: check its logs and its disk/],
    ["is full", code(507, /^(POST|PATCH|PUT) .*\/uploads\//), /507.*; the registry failed: check its logs and its disk/],
    ["fails half-way through an upload", code(503, /^PATCH /), /503.*; the registry failed: check its logs and its disk/],
    [
      "drops the connection half-way through an upload",
      drop,
      /the registry doesn't answer: check its address and the network; then run it again/,
    ],
    ["never answers", () => true, /nothing came for 75 s; the registry doesn't answer: check its address and the network/],
  ])("one that %s", async (_, answer, says) => {
    const before = await held()
    const broken = await between(answer)
    try {
      // Another commit makes another image, so that there is something to upload.
      const said = await farm(["call", ...(await release({ registry: broken.registry, commit: later("e") }))])
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
    const asked = async (password: string) =>
      farm(["call", ...(await release({ registry: asks.registry, more: ["--username=somebody", `--password=${password}`] }, ["rollback"]))])
    try {
      const known = await asked("env:HELIOS_TEST_TOKEN")
      expect(known.stderr).toContain("unstable-mine has no earlier index to go back to")
      expect(known.stdout + known.stderr).not.toContain(token)
      process.env.HELIOS_TEST_TOKEN = "another"
      expect((await asked("env:HELIOS_TEST_TOKEN")).stderr).toContain(
        "the registry rejected the credentials: check --username and --password",
      )
    } finally {
      asks.close()
    }
  })

  test("one whose place has a page alone isn't taken for an empty one", async () => {
    const page = await between((_, response) => {
      response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found\n")
      return true
    })
    try {
      const said = await farm(["call", ...(await release({ registry: page.registry, ref: "refs/tags/v1.2.3" }))])
      expect(said.stderr).toMatch(/404.*; that is no registry's answer: check --repository, and proxies on the way/)
      expect(said.exitCode).toBe(1)
    } finally {
      page.close()
    }
  })

  test("one that isn't there", async () => {
    const said = await farm(["call", ...(await release({ registry: "127.0.0.1:9" }))])
    expect(said.stderr).toMatch(/the registry doesn't answer: check its address and the network/)
    expect(said.exitCode).toBe(1)
  })

  test("but a slow one is waited for", async () => {
    const slow = await between(async () => {
      await setTimeout(500)
      return false
    })
    try {
      expect(await call(await release({ registry: slow.registry, commit: later("9") }), 25)).toMatch(/^published /)
    } finally {
      slow.close()
    }
  })

  test("and so is one that limits requests, for as long as it says", async () => {
    const limited: number[] = []
    const busy = await between((_, response) => {
      const isOver = limited.length > 2 && Date.now() - (limited[2] as number) > 20_000
      if (!isOver) response.writeHead(429, { "retry-after": "20" }).end()
      if (!isOver) limited.push(Date.now())
      return !isOver
    })
    try {
      const signed = byPublicKey(await makeTrust())
      expect(await call(await release({ registry: busy.registry, commit: later("9"), signed }, ["verify"]))).toMatch(
        /1 verified, 0 failed$/,
      )
      expect(limited.length).toBeLessThan(20)
    } finally {
      busy.close()
    }
  })
})

describe.sequential("what comes in between", { timeout: 30 * MINUTE }, () => {
  test("two releases of one tag at once: both are proven, and the tag names one of them", async () => {
    const commits = ["a", "b"].map((digit) => later(digit))
    const both = await Promise.all(
      commits.map(async (commit) => farm(["call", ...(await release({ commit, ref: "refs/heads/testing" }))], 28)),
    )
    for (const { exitCode, stderr, stdout } of both)
      expect(exitCode ? stderr : stdout).toMatch(
        /^published |testing-mine was moved by someone else meanwhile; this run's index is testing-mine-\S+/m,
      )
    expect(both.filter(({ exitCode }) => exitCode === 0)).not.toEqual([])
    const tags = await held()
    const twins = [...tags].filter(([tag]) => /^testing-mine-\d/.test(tag)).map(([, digest]) => digest)
    expect(twins).toContain(tags.get("testing-mine"))
    expect(new Set(twins).size).toBe(2)
  })

  test("one that is cancelled in the middle leaves the tag, and the same again finishes it", async () => {
    const before = (await held()).get("unstable-mine")
    const asked = await release({ commit: later("c") })
    const cut = await between(() => false)
    const cancelled = start(["call", ...(await release({ commit: later("c"), registry: cut.registry }))], 25)
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

  test("a repository where tags may not move gets the immutable tag, and is told what to allow", async () => {
    const before = await held()
    const fixed = await between(to(/^PUT .*\/manifests\/testing-mine$/, (_, response) => response.writeHead(412).end()))
    try {
      const said = await farm(["call", ...(await release({ registry: fixed.registry, ref: "refs/heads/testing", commit: later("d") }))], 25)
      expect(said.stderr).toMatch(
        /testing-mine stays, and what was proven is (testing-mine-\S+): .*412.*; this repository forbids moving tags: allow it for unstable-\*/,
      )
      expect(said.exitCode).toBe(1)
      const after = await held()
      expect(after.get("testing-mine")).toBe(before.get("testing-mine"))
      expect([...after.keys()].some((tag) => /^testing-mine-\d{8}T\d{6}Z-d/.test(tag))).toBe(true)
    } finally {
      fixed.close()
    }
  })
})
