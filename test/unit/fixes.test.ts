import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { isHistory, seriesFrom } from "../../src/core/plan/components.ts"
import { commitsOf, type Fixes, fixes, fixesFile, formatStay, logArguments, unanswered } from "../../src/core/sources/fixes.ts"
import { isRelease } from "../../src/core/sources/versions.ts"
import { pins, ROOT } from "../support/catalog.ts"

const { lock, patches } = pins()
const known = (compiled: [string, ...string[]], ...notTaken: Fixes["notTaken"]): Fixes => ({ compiled, notTaken })
const hash = (digit: string) => digit.repeat(40)
const taken = (commit: string) => ({ commit, fixes: "a crash", fuzz: 0, exclude: [] })

describe("what a branch has that touches compiled folders", () => {
  let folder: string
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...args], { cwd: folder, encoding: "utf8" }).trim()
  const commit = (path: string, subject: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), subject)
    git("add", ".")
    git("commit", "--quiet", "--message", subject)
    return git("rev-parse", "HEAD")
  }
  let pin: string
  let tip: string
  const made: Record<string, string> = {}

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "fixes-"))
    git("init", "--quiet", "--initial-branch=main")
    pin = commit("xkb/a.c", "the pin")
    git("checkout", "--quiet", "-b", "side")
    made.side = commit("xkb/b.c", "on a side branch")
    git("checkout", "--quiet", "main")
    made.other = commit("hw/xquartz/a.m", "of what isn't compiled")
    made.alike = commit("xkbcomp/a.c", "of a folder that begins alike")
    made.own = commit("dix/a.c", "of\ta tab")
    git("merge", "--quiet", "--no-ff", "--message=a merge", "side")
    tip = git("rev-parse", "HEAD")
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test("is told commit by commit, those of merged branches too, and no merge", () => {
    const found = commitsOf(git(...logArguments(pin, tip, known(["xkb", "dix", "nowhere"]))))
    const expected = [
      { commit: made.own, subject: "of\ta tab" },
      { commit: made.side, subject: "on a side branch" },
    ]
    expect(found).toHaveLength(2)
    expect(found).toEqual(expect.arrayContaining(expected))
  })

  test("is nothing where nothing is compiled", () => {
    expect(commitsOf(git(...logArguments(pin, tip, known(["render"]))))).toEqual([])
  })
})

describe("a commit is answered", () => {
  const a = { commit: hash("a"), subject: "a" }
  const b = { commit: hash("b"), subject: "b" }

  test.each([
    ["not, if nobody has looked at it", known(["xkb"]), [[], []], [a]],
    ["not, if one series has it and the other doesn't", known(["xkb"]), [[taken(a.commit)], []], [a]],
    ["by every series", known(["xkb"]), [[taken(a.commit)], [taken(a.commit)]], []],
    ["by a reason", known(["xkb"], { commit: a.commit, because: "Wayland's" }), [[], []], []],
    ["not by another one's", known(["xkb"], { commit: b.commit, because: "Wayland's" }), [[taken(b.commit)]], [a]],
  ])("%s", (_, fixes_, series, open) => expect(unanswered([a], fixes_, series)).toEqual(open))

  test("and what isn't holds the pin, commit by commit", () => {
    const pinned = { name: "xorg-fixes", repo: "https://example.org/x", ref: "server-21.1-branch", commit: hash("0") }
    expect(formatStay(pinned, [a, b])).toBe(
      `xorg-fixes stays at 000000000000 until these 2 commits of server-21.1-branch are in every series that takes from it, or in common/build/fixes/xorg-fixes.json with the reason for which not:\n  ${a.commit} a\n  ${b.commit} b`,
    )
    expect(formatStay(pinned, [a])).toMatch(/until this commit of server-21\.1-branch is in every/)
    expect(formatStay(pinned)).toMatch(/^xorg-fixes stays at 000000000000: the last 1000 commits of .* move the pin by hand$/)
  })
})

describe("every branch that the lock takes fixes from", () => {
  const histories = [...lock.sources.values()].filter(({ name }) => isHistory(name))

  test("is one, and is looked at", () => {
    expect(histories.map(({ name }) => name)).toEqual(["kasmvnc-fixes", "xorg-fixes"])
    for (const { name, ref } of histories) {
      expect(isRelease(ref)).toBe(false)
      expect(fixes(name, readFileSync(join(ROOT, fixesFile(name)), "utf8")).compiled.length).toBeGreaterThan(3)
    }
  })

  test.each([
    ["kasmvnc-fixes", 1],
    ["xorg-fixes", 2],
    ["novnc", 0],
  ])("%s is what %i series take from", (name, count) => expect(seriesFrom(name, patches)).toHaveLength(count))

  test.each([
    [{ compiled: [], notTaken: [] }, /compiled: Too small/],
    [{ compiled: ["../a"], notTaken: [] }, /compiled\[0\]: expected a path in the repository, such as unix\/xserver, got "\.\.\/a"/],
    [{ compiled: ["--all"], notTaken: [] }, /compiled\[0\]: expected a path/],
    [{ compiled: ["a"], notTaken: [{ commit: "abc", because: "it" }] }, /notTaken\[0\]\.commit: expected a commit of 40/],
    [{ compiled: ["a"], notTaken: [{ commit: hash("a") }] }, /notTaken\[0\]\.because: expected string, got nothing/],
    [{ compiled: ["a"], notTaken: [1, 2].map(() => ({ commit: hash("a"), because: "it" })) }, /notTaken: expected each commit once/],
    [{ compiled: ["a"] }, /notTaken: expected array, got nothing/],
  ])("%j is refused in one line", (value, says) => {
    expect(() => fixes("xorg-fixes", JSON.stringify(value))).toThrow(says)
    expect(() => fixes("xorg-fixes", JSON.stringify(value))).toThrow(/^common\/build\/fixes\/xorg-fixes\.json: .*$/)
  })
})
