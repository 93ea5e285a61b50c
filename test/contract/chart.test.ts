import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"
import { CHART_SETTINGS, expressionFor, fillChartSchema } from "../../docs/.vitepress/tables/chart.ts"
import { rangesOf, settingsOf } from "../../docs/.vitepress/tables/settings.ts"
import { Profile } from "../../src/core/catalog/profiles.ts"
import { ROOT } from "../support/catalog.ts"
import { PIECES, RIGHT } from "../support/environments.ts"
import { BASE, CASES, CHART, kustomization, NO_HELM, renderBase, renderReadme, sumOf, valuesOf } from "../support/kube/chart.ts"

const read = (path: string) => readFileSync(join(CHART, path), "utf8")
const schema = () => JSON.parse(read("values.schema.json"))
const TO_WRITE = "to write it anew, run npm run update"

test(`values.schema.json has the settings of docs/data/settings.json: ${TO_WRITE}`, async () => {
  await expect(`${JSON.stringify(fillChartSchema(schema()), null, 2)}\n`).toMatchFileSnapshot(join(CHART, "values.schema.json"))
})

describe("values.schema.json", () => {
  test("takes every setting of helios, but for passwords, which the values have elsewhere, and SUDO, which is another chart's", () => {
    const others = settingsOf(Profile.Helios).filter((one) => !CHART_SETTINGS.includes(one))
    expect(others.map(({ name }) => name)).toEqual(["PASSWORD", "PROXY_SECRET", "VIEW_PASSWORD", "SUDO"])
  })

  test("would be seen to lack one, or to know an old range", () => {
    for (const change of [
      (one: { HOSTS?: object }) => delete one.HOSTS,
      (one: { GID: object }) => Object.assign(one.GID, { minimum: 1 }),
    ]) {
      const changed = schema()
      change(changed.$defs.settings.properties)
      expect(fillChartSchema(changed)).toEqual(schema())
      expect(changed).not.toEqual(schema())
    }
  })

  const withPattern = CHART_SETTINGS.filter((one) => rangesOf(one)[0].pattern).map((one) => [one.name, one] as const)

  test.each(withPattern)("has %s as an expression that Go knows, and means the same", (name, one) => {
    const [{ pattern = "" }] = rangesOf(one)
    const known = expressionFor(pattern) as { pattern: string; not?: { pattern: string } }
    expect(`${known.pattern}${known.not?.pattern ?? ""}`).not.toMatch(/\(\?|\\u/)
    const isKnown = (value: string) => new RegExp(known.pattern).test(value) && !(known.not && new RegExp(known.not.pattern).test(value))
    const right = fc.sample(RIGHT[name] as fc.Arbitrary<string>, { numRuns: 100, seed: 1 })
    const odd = ["", "-", "-a", "a..b", "..", "/..", "a/../b", "/a/.", "a/./b", "...", "/a/b/", "\u0007", "\u007f", "a\u001fb", "x{}"]
    for (const value of [...right, ...odd, ...PIECES]) expect(isKnown(value), JSON.stringify(value)).toBe(new RegExp(pattern).test(value))
  })

  test.each(["a", "^a(?!b)$", "^(?=a)b$"])("an expression that Go has none for is refused: %s", (pattern) => {
    expect(() => expressionFor(pattern)).toThrow(`${pattern}: expected ^, and lookaheads right after it alone`)
  })

  test("has every value, and a desktop of a list every one that isn't the release's", () => {
    const { properties } = schema()
    const names = Object.keys(parse(read("values.yaml")))
    expect([...names, "global"].sort()).toEqual(Object.keys(properties).sort())
    const own = Object.keys(properties.desktops.items.properties)
    expect(names.filter((name) => !own.includes(name))).toEqual(["desktops", "nameOverride", "fullnameOverride"])
  })
})

test("Chart.yaml has the version of package.json", () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"))
  expect(parse(read("Chart.yaml"))).toMatchObject({ version, appVersion: version })
})

test("ci has values for each kind of desktop", () => {
  const wanted = ["default", "list", "gpu", "ingress", "httproute", "existing", "hooks", "networkpolicy", "restricted", "extra"]
  expect(CASES.sort()).toEqual(wanted.sort())
})

test("every value is tried by one of them", () => {
  const pathsOf = (value: unknown, path: string): string[] =>
    value !== null && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length
      ? Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, path ? `${path}.${name}` : name))
      : [path]
  const given = [...CASES.map(valuesOf), join(CHART, "base-values.yaml")].flatMap((file) => {
    const { desktops = [], ...values } = parse(readFileSync(file, "utf8"))
    return [values, ...desktops].flatMap((one) => pathsOf(one, ""))
  })
  const isGiven = (path: string) => given.some((one) => one === path || one.startsWith(`${path}.`))
  const untried = pathsOf(parse(read("values.yaml")), "").filter((path) => path !== "desktops" && !isGiven(path))
  expect(untried).toEqual([])
})

describe("common/deploy/kubernetes and the chart's README", () => {
  const written = () =>
    new Map([
      ["README.md", read("README.md")] as const,
      ...readdirSync(BASE)
        .filter((name) => name !== "kustomization.yaml")
        .map((name) => [name, readFileSync(join(BASE, name), "utf8")] as const),
    ])
  const namesOf = (made: Map<string, string>) => [...made.keys()].filter((name) => name !== "README.md").sort()

  test(`are what helm and helm-docs make of the chart: ${TO_WRITE}; ${NO_HELM ?? "by both"}`, async () => {
    if (NO_HELM)
      return expect(readFileSync(join(BASE, "kustomization.yaml"), "utf8")).toBe(kustomization(namesOf(written()), sumOf(written())))
    const made = await renderBase()
    for (const [name, text] of made) await expect(text).toMatchFileSnapshot(join(BASE, name))
    made.set("README.md", await renderReadme())
    await expect(made.get("README.md")).toMatchFileSnapshot(join(CHART, "README.md"))
    await expect(kustomization(namesOf(made), sumOf(made))).toMatchFileSnapshot(join(BASE, "kustomization.yaml"))
  })

  test.each(["service.yaml", "README.md"])("a %s that was changed by hand is seen without helm", (name) => {
    const made = written()
    const sum = sumOf(made)
    made.set(name, `${made.get(name)}# mine\n`)
    expect(sumOf(made)).not.toBe(sum)
  })

  test.each(["values.yaml", "_pod.tpl", "base-values.yaml", "10-hello.sh"])("so is a change of the chart's %s", (name) => {
    const changed = (path: string) => `${readFileSync(path, "utf8")}${path.endsWith(name) ? "# more\n" : ""}`
    expect(sumOf(written(), changed)).not.toBe(sumOf(written()))
  })
})
