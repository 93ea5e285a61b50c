import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { pins, ROOT } from "../support/catalog.ts"

const HEADER = "image\ttag\tdigest\trepository\tpath\tcommit"
const ROW = /^[^\t@]+\t[\w.-]+\tsha256:[0-9a-f]{64}\t[\w.-]+\/[\w.-]+\t[^\t]+\t[0-9a-f]{40}$/

/** A table without the rows of digests that the lock no longer has. */
function kept(table: string, images: Map<string, string | null>): string {
  const [header, ...lines] = table.split("\n").filter(Boolean)
  const rows = lines.filter((line) => {
    const [image, tag, digest] = line.split("\t")
    return images.get(`${image}:${tag}`) === digest
  })
  return `${[header, ...rows].join("\n")}\n`
}

/** What is wrong with a table of public files that name images' digests, a line each. */
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
    ...[...owners].flatMap(([name, { size }]) => (size < 2 ? [`${name}: expected files of two owners, got ${size}`] : [])),
  ]
}

// What `sources update --images` takes is a registry's own word; with --update the rows that it replaces go.
test("a digest of the lock that no registry gave is named by public files of two owners at least, for that very tag", async () => {
  const path = join(ROOT, "docs/data/digests.tsv")
  const table = readFileSync(path, "utf8")
  expect(problems(table)).toEqual([])
  await expect(kept(table, pins().lock.images)).toMatchFileSnapshot(path)
})

describe("a table is refused", () => {
  const [digest, other] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string]
  const row = (owner: string, named = digest) => `it\t1\t${named}\t${owner}/it\tDockerfile\t${"0".repeat(40)}`
  const table = (...rows: string[]) => `${[HEADER, ...rows].join("\n")}\n`

  test("not one that is whole", () => expect(problems(table(row("a"), row("b")))).toEqual([]))

  test("and loses what the lock no longer has", () => {
    const images = new Map([["it:1", digest]])
    expect(kept(table(row("a"), row("b"), row("c", other)), images)).toBe(table(row("a"), row("b")))
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
