import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const BEFORE = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"
const AFTER = BEFORE.replace("four", "4")
const hunk = (path: string, first = "one", original = path) => `--- a/${original}
+++ b/${path}
@@ -1,7 +1,7 @@
 ${first}
 two
 three
-four
+4
 five
 six
 seven
`
const created = (path: string) => `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+new\n`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apply-patches-"))
  write("tree/src/a", BEFORE)
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(path: string, text: string): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

function applied(...lines: string[]) {
  const series = write("series", lines.map((line) => `${line}\n`).join(""))
  const { status, stdout, stderr } = spawnSync(join(ROOT, "common/build/scripts/apply-patches"), [join(folder, "tree"), series], {
    encoding: "utf8",
  })
  return { status, stdout, stderr, text: readFileSync(join(folder, "tree/src/a"), "utf8") }
}

function git(...args: string[]): string {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
  return spawnSync("git", ["-C", join(folder, "repository"), ...identity, ...args], { encoding: "utf8" }).stdout.trim()
}

function commit(): string {
  write("repository/src/a", AFTER)
  write("repository/test/a", "new\n")
  git("add", ".")
  git("commit", "--quiet", "--message", "four is 4")
  return `${join(folder, "repository")}#${git("rev-parse", "HEAD")}`
}

describe("what is applied", () => {
  test("patches, in their order", () => {
    const second = hunk("src/a").replace("-four\n+4", "-4\n+IV")
    expect(applied(`0\t${write("1", hunk("src/a"))}`, `0\t${write("2", second)}`)).toMatchObject({
      status: 0,
      stdout: `2 patches applied to ${join(folder, "tree")}\n`,
      text: BEFORE.replace("four", "IV"),
    })
  })

  test("a patch with just the fuzz that it needs, which leaves nothing behind", () => {
    expect(applied(`1\t${write("1", hunk("src/a", "uno"))}`)).toMatchObject({ status: 0, text: AFTER })
    expect(readdirSync(join(folder, "tree/src"))).toEqual(["a"])
  })

  test("a new file in a folder of the tree's", () => {
    expect(applied(`0\t${write("1", created("src/b"))}`)).toMatchObject({ status: 0 })
    expect(readFileSync(join(folder, "tree/src/b"), "utf8")).toBe("new\n")
  })

  test("a commit without the files that its line leaves out", () => {
    write("repository/src/a", BEFORE)
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "base")
    const source = commit()
    expect(applied(`0\t${source}`).stderr).toBe(`apply-patches: ${source}: creates test/a in a folder that the tree doesn't have\n`)
    expect(applied(`0\t${source}\ttest/* doc/*`).stderr).toBe(`apply-patches: ${source}: leaves out doc/*, which it doesn't touch\n`)
    expect(applied(`0\t${source}\ttest/*`)).toMatchObject({ status: 0, text: AFTER })
    expect(applied(`0\t${source.slice(0, -1)}`).stderr).toMatch(/: expected a full commit\n$/)
    expect(applied(`0\t${source.replace(/#.*/, `#${"0".repeat(40)}`)}`).stderr).toMatch(/: no such commit: .*\n$/)
  })
})

describe("what is refused, with one line that names the patch, before the tree is changed", () => {
  const outside = "touches a path outside the tree"
  const missing = "in a folder that the tree doesn't have"
  const debian = "debian/patches/CVE-2022-2319.patch"
  const cases: [what: string, fuzz: number, patch: string, reason: string][] = [
    ["one that doesn't apply", 0, hunk("src/a").replace("-four", "-vier"), "does not apply: Hunk #1 FAILED at 1."],
    ["one for a file that isn't there", 0, hunk("src/b"), "does not apply: No file to patch.  Skipping patch."],
    ["one that needs fuzz", 0, hunk("src/a", "uno"), "needs fuzz 1, 0 is declared"],
    ["one that needs less fuzz", 2, hunk("src/a", "uno"), "needs fuzz 1, 2 is declared"],
    ["one that needs no fuzz", 1, hunk("src/a"), "needs fuzz 0, 1 is declared"],
    ["an empty one", 0, "", "changes nothing"],
    ["one that changes nothing", 0, hunk("src/a").replace("+4", "+four"), "changes nothing"],
    ["a text", 0, "no patch\n", "does not apply: patch: **** Only garbage was found in the patch input."],
    ["an absolute path", 0, hunk("/etc/a", "one", "/etc/a").replaceAll(/ [ab]\/\//g, " /"), outside],
    ["a path through ..", 0, hunk("../a", "one", "../a"), outside],
    ["a path that ends above the tree", 0, created("src/../../a"), outside],
    ["a new folder at the top", 0, created("new/a"), `creates new/a ${missing}`],
    ["a patch of patches, as KasmVNC's for CVE-2022-2320", 0, created(debian), `creates ${debian} ${missing}`],
  ]
  test.each(cases)("%s", (_, fuzz, patch, reason) => {
    const file = write("1", patch)
    expect(applied(`${fuzz}\t${file}`)).toEqual({ status: 1, stdout: "", stderr: `apply-patches: ${file}: ${reason}\n`, text: BEFORE })
    expect(readdirSync(join(folder, "tree"), { recursive: true })).toEqual(["src", "src/a"])
  })

  test("one that is there already, after which no other is applied", () => {
    const [first, last] = [write("1", hunk("src/a")), write("2", created("src/b"))]
    expect(applied(`0\t${first}`, `0\t${first}`, `0\t${last}`)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^apply-patches: \S+\/1: does not apply: Reversed .*\n$/),
    })
    expect(readdirSync(join(folder, "tree/src"))).toEqual(["a"])
  })

  test.each([
    ["a fuzz that is none", "x\tone", /\/series: expected a fuzz of 0 to 3 and a source, got 'x'\n$/],
    ["no source", "0", /\/series: expected a fuzz of 0 to 3 and a source, got '0'\n$/],
    ["a file that isn't there", "0\t/none", /^apply-patches: \/none: expected a file, whole\n$/],
  ])("%s", (_, line, reason) => expect(applied(line)).toMatchObject({ status: 1, stderr: expect.stringMatching(reason) }))

  test("a series of none", () =>
    expect(applied()).toMatchObject({ status: 1, stderr: expect.stringMatching(/\/series: no patch in it\n$/) }))
})
