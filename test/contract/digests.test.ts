import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { pins, ROOT } from "../support/catalog.ts"

const HEADER = "name\ttag\tdigest\trepository\tpath\tcommit"

/** In place of a public file: whoever publishes it named the digest, as `sources update --images` asks a registry. */
const ORIGIN = "origin\t-\t-"
const ROW = /^[^\t@]+\t[\w.-]+\tsha256:[0-9a-f]{64}\t([\w.-]+\/[\w.-]+\t[^\t]+\t[0-9a-f]{40}|origin\t-\t-)$/

/** A table without the rows of digests that aren't pinned any more, and with one for each of which it says nothing. */
function whole(table: string, pinned: Map<string, string | null>): string {
  const [header, ...lines] = table.split("\n").filter(Boolean)
  const rows = lines.filter((line) => {
    const [name, tag, digest] = line.split("\t")
    return pinned.get(`${name}:${tag}`) === digest
  })
  const said = new Set(rows.map((line) => line.split("\t").slice(0, 2).join(":")))
  const unsaid = [...pinned].flatMap(([name, digest]) => (digest && !said.has(name) ? [[name, digest] as const] : []))
  const asked = unsaid.map(([name, digest]) => [name.replace(/:([^:]*)$/, "\t$1"), digest, ORIGIN].join("\t"))
  return `${[header, ...[...rows, ...asked].sort()].join("\n")}\n`
}

/** What is wrong with a table of public files that name digests, a line each. */
function problems(table: string): string[] {
  const [header, ...lines] = table.replace(/\n$/, "").split("\n")
  const owners = new Map<string, Set<string>>()
  for (const [image, tag, digest, repository = ""] of lines.map((line) => line.split("\t"))) {
    const name = `${image}:${tag}@${digest}`
    owners.set(name, (owners.get(name) ?? new Set()).add(repository.split("/")[0] as string))
  }
  return [
    ...(header === HEADER ? [] : [`line 1: expected "${HEADER}", got "${header}"`]),
    ...lines.flatMap((line, index) => (ROW.test(line) ? [] : [`line ${index + 2}: expected six fields, the last a commit, got "${line}"`])),
    ...lines.flatMap((line, index) =>
      index && line <= (lines[index - 1] as string) ? [`line ${index + 2}: not in order, or there twice`] : [],
    ),
    ...[...owners].flatMap(([name, found]) =>
      found.size < 2 && !found.has("origin") ? [`${name}: expected files of two owners, got ${found.size}`] : [],
    ),
  ]
}

/** All that is pinned by a digest, by its name and tag: images of the lock, and what workflows set Dagger up with. */
function pinned(): Map<string, string | null> {
  const setup = readFileSync(join(ROOT, ".github/actions/setup/pins.json"), "utf8")
  const { version, cli, engine } = JSON.parse(setup) as { version: string; cli: Record<string, string | null>; engine: string | null }
  const archives = Object.entries(cli).map(([platform, digest]) => [`dagger_${platform}.tar.gz:${version}`, digest] as const)
  return new Map([...pins().lock.images, ...archives, [`registry.dagger.io/engine:${version}`, engine]])
}

// With --update, which the update workflow says after `sources update --images`, a digest without a row is noted as its registry's own word.
test("a digest that is pinned is named by public files of two owners at least, for that very tag, or by its registry", async () => {
  const path = join(ROOT, "docs/data/digests.tsv")
  const table = readFileSync(path, "utf8")
  expect(problems(table)).toEqual([])
  await expect(whole(table, pinned())).toMatchFileSnapshot(path)
})

describe("a table is refused", () => {
  const [digest, other] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string]
  const row = (owner: string, named = digest) => `it\t1\t${named}\t${owner}/it\tDockerfile\t${"0".repeat(40)}`
  const table = (...rows: string[]) => `${[HEADER, ...rows].join("\n")}\n`

  test("not one that is whole", () => expect(problems(table(row("a"), row("b")))).toEqual([]))

  test("and loses what is no longer pinned", () => {
    const images = new Map([["it:1", digest]])
    expect(whole(table(row("a"), row("b"), row("c", other)), images)).toBe(table(row("a"), row("b")))
  })

  test("and gets the word of whoever publishes it for a digest of which it says nothing: without --update that is a failure", () => {
    const images = new Map([
      ["at:5000/it:2", other],
      ["it:1", digest],
      ["open:1", null],
    ])
    const lacking = table(row("a"), row("b"))
    const asked = table(`at:5000/it\t2\t${other}\torigin\t-\t-`, row("a"), row("b"))
    expect(whole(lacking, images)).toBe(asked)
    expect(problems(asked)).toEqual([])
    expect(whole(table(row("a", other), row("b", other)), new Map([["it:1", digest]]))).toBe(table(`it\t1\t${digest}\torigin\t-\t-`))
  })

  test.each([
    ["with one owner", table(row("a")), /: expected files of two owners, got 1$/],
    ["with two files of one owner", table(row("a"), row("a").replace("Docker", "docker")), /: expected files of two owners, got 1$/],
    ["with another digest", table(row("a"), row("b"), row("c", other)), /^it:1@sha256:b+: expected files of two owners, got 1$/],
    ["out of order", table(row("b"), row("a")), /^line 3: not in order, or there twice$/],
    ["with half a commit", table(row("a"), row("b").slice(0, -20)), /^line 3: expected six fields/],
  ])("%s", (_, text, says) => {
    expect(problems(text).join("\n")).toMatch(says)
  })
})
