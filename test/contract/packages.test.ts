import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { PROVEN, provenDistros } from "../../docs/.vitepress/tables/images.ts"
import { matrix } from "../../src/core/catalog/matrix.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { farm, pins, ROOT } from "../support/catalog.ts"

const HEADER = "name\trepository\tpath\tcommit"
const ROW = /^\S+\t[\w.-]+\/[\w.-]+\t[^\t]+\t[0-9a-f]{12,40}$/
const DISTROS = [...farm().distros.keys()]

/** What is wrong with a table of package names and the public files that have them for a release, a line each. */
function problems(names: string[], table: string): string[] {
  const [header, ...rows] = table.replace(/\n$/, "").split("\n")
  const found = rows.map((row) => row.split("\t")[0] as string)
  return [
    ...(header === HEADER ? [] : [`line 1: expected "${HEADER}", got "${header}"`]),
    ...rows.flatMap((row, index) => (ROW.test(row) ? [] : [`line ${index + 2}: expected four fields, the last a commit, got "${row}"`])),
    ...found.flatMap((name, index) => (index && name <= (found[index - 1] as string) ? [`${name}: not in order, or there twice`] : [])),
    ...names.filter((name) => !found.includes(name)).map((name) => `${name}: no row`),
    ...found.filter((name) => !names.includes(name)).map((name) => `${name}: in no plan`),
  ]
}

/** Every package name of a distro's plans, and of what is compiled on its own base, sorted. */
function namesOf(distro: string): string[] {
  const names = matrix(farm())
    .filter((cell) => cell.distro === distro)
    .flatMap((cell) => {
      const { packages, base, toolchain } = plan(farm(), pins(), cell)
      const compiled = toolchain?.base.image === base.image ? toolchain.packages : []
      return [...packages, ...(toolchain?.nodePackages ?? []), ...compiled]
    })
  return [...new Set(names)].sort()
}

const tableOf = (distro: string) => join(ROOT, "distros", distro, "packages.tsv")
const unproven = DISTROS.filter((name) => !provenDistros.has(name))

test.each(unproven)("every package of %s has a row that names a repository, a file and a commit, and no row is of another", (distro) => {
  expect(problems(namesOf(distro), readFileSync(tableOf(distro), "utf8"))).toEqual([])
})

test("no distro that is built by tests has such a table", () => {
  expect(DISTROS.filter((distro) => existsSync(tableOf(distro)))).toEqual(unproven)
})

test("tables stay out of what is uploaded at each call", () => {
  const { include } = JSON.parse(readFileSync(join(ROOT, "dagger.json"), "utf8")) as { include: string[] }
  expect(include).toContain("!distros/*/packages.tsv")
})

describe("a table is refused", () => {
  const row = (name: string, commit = "0123456789ab") => `${name}\tsome/where\tDockerfile\t${commit}`
  const table = (...rows: string[]) => `${[HEADER, ...rows].join("\n")}\n`

  test("not one that is whole", () => expect(problems(["a", "b"], table(row("a"), row("b")))).toEqual([]))

  test.each([
    ["that lacks a name", table(row("a")), ["b: no row"]],
    ["with a name too many", table(row("a"), row("b"), row("c")), ["c: in no plan"]],
    ["with a name twice", table(row("a"), row("a"), row("b")), ["a: not in order, or there twice"]],
    ["out of order", table(row("b"), row("a")), ["a: not in order, or there twice"]],
    ["with a row of three fields", table(row("a"), "b\tsome/where\tDockerfile"), [/^line 3: .* got "b\tsome/]],
    ["with a commit of seven digits", table(row("a", "0123456"), row("b")), [/^line 2: /]],
    ["with a repository that is none", table("a\twhere\tDockerfile\t0123456789ab", row("b")), [/^line 2: /]],
    ["with an empty line", table(row("a"), row("b"), ""), [/^line 4: /, /^: not in order/, /^: in no plan/]],
    ["with another header", `${row("a")}\n${row("a")}\n${row("b")}\n`, [/^line 1: /]],
  ])("%s", (_, text, expected) => {
    const found = problems(["a", "b"], text)
    expect(found).toHaveLength(expected.length)
    for (const [index, line] of found.entries()) expect(line).toMatch(expected[index] as string | RegExp)
  })
})

describe("docs/data/proven.json", () => {
  test.each(PROVEN)(
    "names tests that exist, of images that are made: $distros $profile $platform",
    ({ distros, profile, inits, platform, tests }) => {
      for (const path of tests) expect(existsSync(join(ROOT, path)), path).toBe(true)
      for (const distro of distros)
        for (const init of inits) expect(matrix(farm())).toContainEqual(expect.objectContaining({ distro, profile, init, platform }))
    },
  )

  test("has a row of linux/amd64 for just those images whose size was measured", () => {
    const measured = [...farm().distros.values()].flatMap(({ name, profiles }) =>
      Object.entries(profiles).flatMap(([profile, { size }]) => Object.keys(size).map((init) => `${name} ${profile} ${init}`)),
    )
    const proven = PROVEN.filter(({ platform }) => platform === "linux/amd64").flatMap(({ distros, profile, inits }) =>
      distros.flatMap((distro) => inits.map((init) => `${distro} ${profile} ${init}`)),
    )
    expect(proven.sort()).toEqual(measured.sort())
  })
})
