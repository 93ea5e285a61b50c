import { existsSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Source } from "../../../src/core/sources/lock.ts"
import { call, clean, MIRROR, NO_MIRROR, room } from "../../support/farm.ts"
import { PINS, pathOf, serve, stopServers } from "../../support/upstreams/mirror.ts"

describe.skipIf(!MIRROR)(`sources of the real upstreams${MIRROR ? "" : `, ${NO_MIRROR}`}`, () => {
  afterAll(stopServers)
  afterAll(clean)

  test("outdated names refs that are there, each at its commit", async () => {
    const lines = (await call([`--mirror=${MIRROR}`, "sources", "outdated"])).split("\n")
    const rows = lines.slice(1, lines.indexOf("")).map((line) => line.split(/ {2,}/))
    expect(lines.at(-2)).toContain(`${rows.length} of ${PINS.length} upstreams have something newer`)
    expect(rows.length).toBeGreaterThan(0)
    for (const [name, ref, commit, newer, tip] of rows) {
      const pinned = PINS.find((source) => source.name === name)
      expect([ref, commit]).toEqual([pinned?.ref, pinned?.commit.slice(0, 12)])
      const { stdout } = await execa("git", ["ls-remote", `${MIRROR}/${pinned && pathOf(pinned)}`, `refs/*/${newer}`, `refs/*/${newer}^{}`])
      expect(stdout.split("\n").at(-1)).toMatch(new RegExp(`^${tip}`))
    }
  })

  test("have one file among them that is compiled already, which docs/trust.md names", async () => {
    const COMPILED = /\.(a|bc|class|dll|dylib|exe|jar|lib|node|o|so|wasm)$/
    const found: string[] = []
    for (const pinned of PINS) {
      const repository = room()
      await execa("git", ["init", "--quiet", "--bare", repository])
      await execa("git", ["-C", repository, "fetch", "--quiet", "--depth=1", `${MIRROR}/${pathOf(pinned)}`, pinned.commit])
      const { stdout } = await execa("git", ["-C", repository, "ls-tree", "-r", "--name-only", "FETCH_HEAD"])
      found.push(...stdout.split("\n").filter((path) => COMPILED.test(path)))
    }
    expect(found).toEqual(["core/decoders/qoi/qoi_viewer_bg.wasm"])
  })

  describe("a mirror that was exported", () => {
    const folder = join(room(), "mirror")
    let copy: string

    beforeAll(async () => {
      await call([`--mirror=${MIRROR}`, "sources", "mirror", "export", `--path=${folder}`], 30)
      copy = await serve(folder)
    })

    /** The commits that a fetch of one brings. */
    async function fetched(from: string, commit: string, depth: number): Promise<string[]> {
      const repository = room()
      await execa("git", ["init", "--quiet", "--bare", repository])
      await execa("git", ["-C", repository, "fetch", "--quiet", `--depth=${depth}`, from, commit])
      return (await execa("git", ["-C", repository, "rev-list", "FETCH_HEAD"])).stdout.split("\n").sort()
    }

    test.each(PINS.map((pinned) => [pinned.name, pinned] as const))("gives the commit of %s", async (_, pinned) => {
      expect(existsSync(join(folder, pathOf(pinned), "HEAD"))).toBe(true)
      expect(await fetched(`${copy}/${pathOf(pinned)}`, pinned.commit, 1)).toEqual([pinned.commit])
    })

    const histories = PINS.filter(({ name }) => name.endsWith("-fixes")).map((pinned) => [pinned.name, pinned] as const)
    test.each(histories)("gives the history that %s are taken from", async (_, pinned) => {
      const [own, original] = [copy, MIRROR].map((from) => fetched(`${from}/${pathOf(pinned)}`, pinned.commit, 1000))
      expect(await own).toEqual(await original)
    })

    test("has nothing newer than the lock", async () => {
      const said = await call([`--mirror=${copy}`, "sources", "outdated"])
      expect(said.split("\n")[0]).toBe(`0 of ${PINS.length} upstreams have something newer`)
    })

    test("with a fix that nobody has looked at holds the branch that it is on, and says which", async () => {
      const pinned = PINS.find(({ name }) => name === "xorg-fixes") as Source
      const somebody = ["-c", "user.name=t", "-c", "user.email=t@t"]
      const options = { cwd: join(folder, pathOf(pinned)), env: { GIT_INDEX_FILE: join(room(), "index") } }
      const git = async (args: string[], input = "") => (await execa("git", [...somebody, ...args], { ...options, input })).stdout
      const commitOf = async (path: string, parent: string, subject: string) => {
        await git(["read-tree", parent])
        await git(["update-index", "--add", "--cacheinfo", `100644,${await git(["hash-object", "-w", "--stdin"], subject)},${path}`])
        return git(["commit-tree", await git(["write-tree"]), "-p", parent, "-m", subject])
      }
      const ofNoMatter = await commitOf("hw/xquartz/new.c", pinned.commit, "of what isn't compiled")
      const fix = await commitOf("xkb/new.c", ofNoMatter, "a fix")
      await git(["update-ref", `refs/heads/${pinned.ref}`, fix])

      const said = await call([`--mirror=${copy}`, "sources", "outdated"])
      expect(said).toContain(`xorg-fixes stays at ${pinned.commit.slice(0, 12)} until this commit of ${pinned.ref} is in every series`)
      expect(said).toContain(`\n  ${fix} a fix\n`)
      expect(said).not.toContain(ofNoMatter)
      const patch = await call([`--mirror=${copy}`, "sources", "update", "as-patch", "contents"])
      expect(patch).not.toContain(fix)

      await git(["update-ref", `refs/heads/${pinned.ref}`, ofNoMatter])
      expect(await call([`--mirror=${copy}`, "sources", "outdated"])).not.toContain("stays at")
      expect(await call([`--mirror=${copy}`, "sources", "update", "as-patch", "contents"])).toContain(ofNoMatter)
    })

    test("is what a component is built from", async () => {
      const entries = await call([`--mirror=${copy}`, "stage", "--name=s6", "--distro=bookworm", "--profile=helios", "entries"], 30)
      expect(entries.split("\n")).toContain("init")
    })
  })
})
