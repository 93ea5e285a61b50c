import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import pLimit from "p-limit"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Source } from "../../../src/core/sources/lock.ts"
import { openFarm } from "../../../src/verbs/farm.ts"
import { fetchSource } from "../../../src/verbs/sources/fetch.ts"
import { outdated } from "../../../src/verbs/sources/sources.ts"
import { call, clean, farm, refusedLine, room, thrownLine } from "../../support/farm.ts"
import {
  closedPort,
  inSession,
  makeRepository,
  PINS,
  passOn,
  pathOf,
  serve,
  silentServer,
  stopServers,
  without,
} from "../../support/upstreams/mirror.ts"

const limit = pLimit(4)
const pin = (name: string) => PINS.find((source) => source.name === name) as Source
const short = (commit = "") => commit.slice(0, 12)

/** A release of execline that much later than the pinned one. */
const later = (by: number) => pin("execline").ref.replace(/(\d+)\.(\d+)$/, (_, part, last) => `${Number(part) + by}.${last}`)
const NEWEST = later(10)

/** What the upstreams of a small mirror have beside the tag or branch that the lock names. */
const MORE: Record<string, string[]> = {
  execline: [later(1), NEWEST, later(2), `${later(20)}-rc1`],
  "libjpeg-turbo": [pin("libjpeg-turbo").ref.replace(/\d+$/, "90"), "jpeg-9z"],
  "xorg-21.1.4": ["xorg-server-21.1.89"],
}

const mirror = room()
const commits = new Map<string, string>()
const isBranch = (ref: string) => ["master", "server-21.1-branch"].includes(ref)
const refOf = (ref: string) => `refs/${isBranch(ref) ? "heads" : "tags"}/${ref}`
const web = createServer((_, response) => response.writeHead(404).end())
let git: string
let deaf: number

beforeAll(async () => {
  for (const path of new Set(PINS.map(pathOf))) {
    const refs = PINS.filter((pinned) => pathOf(pinned) === path).flatMap(({ name, ref }) => [ref, ...(MORE[name] ?? [])])
    for (const [ref, commit] of await makeRepository(join(mirror, path), refs.map(refOf))) commits.set(`${path} ${ref}`, commit)
  }
  await inSession()
  git = await passOn(await serve(mirror))
  deaf = await closedPort()
  await new Promise<void>((done) => web.listen(0, "127.0.0.1", done))
})
afterAll(stopServers)
afterAll(() => web.close())
afterAll(clean)

const commitOf = (name: string, ref = pin(name).ref) => short(commits.get(`${pathOf(pin(name))} ${refOf(ref)}`))

/** What the command line said, which ends with it. */
async function complaint(args: string[]): Promise<string> {
  const result = await limit(() => farm(["call", ...args]))
  const line = refusedLine(result)
  expect(result.stderr.split(line), "said once").toHaveLength(2)
  return line
}

const novnc = pin("novnc")
const component = ["stage", "--name=novnc", "--distro=bookworm", "--profile=helios", "entries"]
const refused = (address: string, reason: string) =>
  `novnc: ${address}/${pathOf(novnc)} did not give commit ${short(novnc.commit)} (${reason}); check the network, or in a closed one pass ` +
  "--mirror=git://HOST/PATH, a copy that `dagger call sources mirror export --path=DIR` makes where there is one"

describe.concurrent("sources", () => {
  describe.concurrent("that can't be had: one line has the reason and what to do", () => {
    test("a server that never answers ends the call after a minute or two", async () => {
      const address = await silentServer()
      expect(await complaint([`--mirror=${address}`, ...component])).toBe(refused(address, "nothing came for 60 s"))
    })

    test.each([
      ["a port on which nothing listens", () => `git://127.0.0.1:${deaf}`, "connection refused"],
      ["a host that is none", () => "https://nowhere.invalid", "no such host: nowhere.invalid"],
      ["a host that is none, of git's own protocol", () => "git://nowhere.invalid", "no such host: nowhere.invalid"],
      ["a repository that isn't there", () => `${git}/none`, "it has no such repository, or may not give it"],
      ["a commit that isn't there", () => git, "not our ref: it has no such commit, or gives none by its hash"],
    ])("%s", async (_, address, reason) => {
      const from = await openFarm({ mirror: address() })
      for (const extent of ["tree", "history"] as const) {
        expect(await thrownLine(fetchSource(from, novnc, extent))).toBe(refused(address(), reason))
      }
    })

    test("a page that isn't there", async () => {
      const address = await passOn(`http://127.0.0.1:${(web.address() as AddressInfo).port}`)
      const reason = "it has no such repository, or may not give it"
      expect(await thrownLine(openFarm({ mirror: address }).then((from) => fetchSource(from, novnc)))).toBe(refused(address, reason))
    })

    test("an address that is none", async () => {
      const expected = "expected an address such as git://HOST/PATH, below which github.com/OWNER/NAME lies"
      expect(await thrownLine(openFarm({ mirror: "mirror" }))).toBe(`--mirror=mirror: ${expected}`)
    })

    test("a branch that isn't there", async () => {
      const other = await passOn(await serve(await without(mirror, novnc, "refs/heads/master")))
      const said = `novnc: ${other}/${pathOf(novnc)} has no branch master, which sources.lock.json names`
      expect(await thrownLine(openFarm({ mirror: other }).then(outdated))).toBe(said)
    })
  })

  test("list prints a line for every pin", async () => {
    const lines = (await limit(() => call(["sources", "list"]))).split("\n").map((line) => line.split(/ {2,}/))
    expect(lines[0]).toEqual(["NAME", "REF", "PIN", "FROM"])
    expect(lines.filter(([name]) => name?.includes(":")).map(([name]) => name)).toContain("debian:bookworm-slim")
    expect(lines.slice(-PINS.length)).toEqual(PINS.map(({ name, ref, commit, repo }) => [name, ref, short(commit), repo]))
  })

  test("outdated prints what is newer: later releases, not betas, and branches that moved", async () => {
    const lines = (await limit(() => call([`--mirror=${git}`, "sources", "outdated"]))).split("\n")
    const moved = ["kasmvnc-fixes", "novnc", "xorg-fixes"].map((name) => {
      const { ref, commit } = pin(name)
      return [name, ref, short(commit), ref, commitOf(name)].join(" ")
    })
    const released = ["execline", pin("execline").ref, short(pin("execline").commit), NEWEST, commitOf("execline", NEWEST)]
    expect(lines.map((line) => line.replace(/ +/g, " "))).toEqual([
      "NAME REF PIN NEWER COMMIT",
      released.join(" "),
      ...moved,
      "",
      `4 of ${PINS.length} upstreams have something newer; \`dagger call sources update\` takes it`,
      "held at their release by their name: xorg-1.20.14, xorg-21.1.4",
    ])
  })

  test("update changes the lock's refs and commits, and nothing else", async () => {
    const patch = await limit(() => call([`--mirror=${git}`, "sources", "update", "as-patch", "contents"]))
    const changed = patch.split("\n").filter((line) => /^[+-] /.test(line))
    const change = (mark: string, key: string, value?: string) => `${mark}    "${key}": "${value}"`
    const full = (name: string, ref: string) => commits.get(`${pathOf(pin(name))} ${refOf(ref)}`)
    expect(changed.map((line) => line.replace(/,$/, "")).sort()).toEqual(
      [
        change("-", "ref", pin("execline").ref),
        change("+", "ref", NEWEST),
        change("+", "commit", full("execline", NEWEST)),
        ...["execline", "kasmvnc-fixes", "novnc", "xorg-fixes"].map((name) => change("-", "commit", pin(name).commit)),
        ...["kasmvnc-fixes", "novnc", "xorg-fixes"].map((name) => change("+", "commit", full(name, pin(name).ref))),
      ].sort(),
    )
  })
})
