import { randomBytes } from "node:crypto"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Source } from "../../../src/core/sources/lock.ts"
import { type Guest, openFarm } from "../../../src/verbs/farm.ts"
import { fetchSource } from "../../../src/verbs/sources/fetch.ts"
import { clean, room, thrownLine } from "../../support/farm.ts"
import { gitIn } from "../../support/git.ts"
import { cutOff, serveHttp, serveSsh } from "../../support/upstreams/git-servers.ts"
import { inSession, passOn, serve, stopServers } from "../../support/upstreams/mirror.ts"

const mirror = room()
const log = join(mirror, "log")
const wanted: Source = { name: "mine", repo: "https://example.org/mine", ref: "main", commit: "" }
const LOGIN = "ann:secret-of-ann"
let git: string

/** An upstream with a symbolic link, a program, some megabytes, two commits, and a submodule on the same server, where it is seen who asks for it. */
async function makeUpstream(submodule: string): Promise<string> {
  const work = room()
  const run = gitIn(work)
  await run("init", "--quiet", "--initial-branch=main")
  writeFileSync(join(work, ".gitmodules"), `[submodule "sub"]\n\tpath = sub\n\turl = ${submodule}\n`)
  writeFileSync(join(work, "run"), "#!/bin/sh\n", { mode: 0o755 })
  writeFileSync(join(work, "noise"), randomBytes(3_000_000))
  await execa("ln", ["-s", "run", join(work, "link")])
  await run("add", ".")
  await run("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},sub`)
  await run("commit", "--quiet", "--message=first")
  await run("commit", "--quiet", "--allow-empty", "--message=second")
  mkdirSync(join(mirror, "example.org"))
  await execa("git", ["clone", "--quiet", "--bare", work, join(mirror, "example.org/mine")])
  return run("rev-parse", "HEAD~1")
}

beforeAll(async () => {
  await inSession()
  git = await passOn(await serve(mirror, log))
  wanted.commit = await makeUpstream(`${git}/private`)
})
afterAll(stopServers)
afterAll(clean)

const fetchFrom = async (guest: Guest, extent?: "tree" | "history" | "snapshot", source = wanted) =>
  fetchSource(await openFarm(guest), source, extent)

/** The reason in the one line that a fetch ended with. */
const reasonOf = async (guest: Guest, source = wanted) =>
  (await thrownLine(fetchFrom(guest, "tree", source))).match(/^mine: \S+ did not give commit [0-9a-f]{12} \((.*)\); check the network/)?.[1]

const config = (text: string) => dag.setSecret(`config-${text.length}-${Math.random()}`, text)

const basic = (login: string) => `[http]\n\textraHeader = Authorization: Basic ${Buffer.from(login).toString("base64")}\n`

describe("an upstream at its commit", () => {
  test("is its files with their modes and links, without git's own folder and without its submodule's", async () => {
    const tree = await fetchFrom({ mirror: git })
    expect((await tree.entries()).sort()).toEqual([".gitmodules", "link", "noise", "run", "sub/"])
    expect(await tree.directory("sub").entries()).toEqual([])
    const listed = dag.container().from("debian:trixie-slim").withMountedDirectory("/tree", tree)
    const found = await listed.withExec(["find", "/tree", "-mindepth", "1", "-printf", "%P %y %m %T@\\n"]).stdout()
    expect(found.trim().split("\n").sort()).toEqual([
      ".gitmodules f 644 1.0000000000",
      "link l 777 1.0000000000",
      "noise f 644 1.0000000000",
      "run f 755 1.0000000000",
      "sub d 755 1.0000000000",
    ])
  })

  test("nobody asks for a submodule", async () => {
    await fetchFrom({ mirror: git }, "history")
    const asked = readFileSync(log, "utf8").match(/Request upload-pack for '[^']+'/g)
    expect(new Set(asked)).toEqual(new Set(["Request upload-pack for '/example.org/mine'"]))
  })

  test("is fetched once, whoever asks", async () => {
    const before = readFileSync(log, "utf8").match(/Request/g)?.length
    await fetchFrom({ mirror: git })
    await fetchFrom({ mirror: git }, "history")
    expect(readFileSync(log, "utf8").match(/Request/g)?.length).toBe(before)
  })

  test.each([
    ["http", async () => ({ mirror: await passOn(await serveHttp(mirror)) })],
    [
      "http with a login from --git-config",
      async () => ({ mirror: await passOn(await serveHttp(mirror, { login: LOGIN })), gitConfig: config(basic(LOGIN)) }),
    ],
    [
      "ssh with an agent from --ssh",
      async () => {
        const { address, agent } = await serveSsh(mirror)
        return { mirror: await passOn(address), ssh: dag.host().unixSocket(agent) }
      },
    ],
  ])("comes by %s", async (_, guest) => {
    expect(await (await fetchFrom(await guest())).file("run").contents()).toBe("#!/bin/sh\n")
  })
})

describe("what can't be had ends with one line:", () => {
  const COMMIT = "not our ref: it has no such commit, or gives none by its hash"

  test("a commit that isn't there", async () => {
    expect(await reasonOf({ mirror: git }, { ...wanted, commit: "2".repeat(40) })).toBe(COMMIT)
  })

  test.each([
    ["a server that gives no commit by its hash", () => serveHttp(mirror, { protocol: "" }), COMMIT],
    ["a mirror that dies half-way", () => cutOff(git, 100_000), "it hung up"],
    [
      "a login that wasn't given",
      () => serveHttp(mirror, { login: LOGIN }),
      "it wants a login, or has no such repository: --git-config=file:PATH has logins",
    ],
  ])("%s", async (_, serving, reason) => {
    expect(await reasonOf({ mirror: await passOn(await serving()) })).toBe(reason)
  })

  test("a wrong login, which no message has", async () => {
    const address = await passOn(await serveHttp(mirror, { login: LOGIN }))
    const line = await thrownLine(fetchFrom({ mirror: address, gitConfig: config(basic("ann:wrong-of-ann")) }))
    expect(line).toContain("(it wants a login, or has no such repository")
    expect(line).not.toMatch(/wrong-of-ann|YW5u/)
  })

  test("a proxy that is none", async () => {
    const gitConfig = config("[http]\n\tproxy = http://proxy.invalid:3128\n")
    expect(await reasonOf({ mirror: "http://mirror.invalid", gitConfig })).toBe("no such proxy: proxy.invalid")
  })
})
