import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { XMLParser, XMLValidator } from "fast-xml-parser"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Results } from "../../../src/core/smoke/results.ts"
import { across, Picture } from "../../support/desktop/pixels.ts"
import { call, clean, failures, promisesOf, publishedImage, REGISTRY, ROOT, room } from "../../support/farm.ts"

const promises = promisesOf("kvdi", "supervisord")

afterAll(clean)

test("bookworm is built and published", async () => {
  expect(await publishedImage()).toBe(`${REGISTRY}/helios-kvdi:e2e-bookworm`)
  const manifest = await fetch(`http://${REGISTRY}/v2/helios-kvdi/manifests/e2e-bookworm`, {
    headers: { accept: "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json" },
  })
  expect(manifest.status).toBe(200)
})

describe("smoke on bookworm", () => {
  const folder = room()
  const read = (name: string) => readFileSync(join(folder, name))
  let results: Results

  beforeAll(async () => {
    await call(["smoke", "--distro=bookworm", "--profile=kvdi", "files", `--output=${folder}`], 15)
    results = JSON.parse(read("smoke.json").toString()) as Results
  })

  test("every promise passed, none is skipped or missing", () => {
    expect(failures(results)).toEqual([])
    expect(results.outcomes.map(({ promise }) => promise).sort()).toEqual(promises)
    expect(results.outcomes.map(({ status }) => status)).toEqual(promises.map(() => "passed"))
    expect(promises.length).toBeGreaterThanOrEqual(13)
  })

  test("every check of every file ran", () => {
    for (const { promise, checks } of results.outcomes) {
      const [file] = ["common", "kvdi"].flatMap((name) => {
        const path = join(ROOT, "common/smoke", name)
        return readdirSync(path).includes(`${promise}.bats`) ? [join(path, `${promise}.bats`)] : []
      })
      const titles = [...readFileSync(file as string, "utf8").matchAll(/^@test "(.*)" \{$/gm)].map(([, title]) => title)
      expect(checks.map(({ name }) => name)).toEqual(titles)
    }
  })

  test("the summary has a line for each promise and the counts", () => {
    const lines = read("smoke.txt").toString().trim().split("\n")
    for (const promise of promises)
      expect(
        lines.some((line) => line.startsWith(`✓ ${promise} `)),
        promise,
      ).toBe(true)
    expect(lines.at(-1)).toBe(`${promises.length} passed, 0 failed, 0 skipped`)
  })

  test("the JUnit file is XML with a case for each check", () => {
    const xml = read("smoke.xml").toString()
    expect(XMLValidator.validate(xml)).toBe(true)
    const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === "testsuite" || name === "testcase" })
    const suites = parser.parse(xml).testsuites.testsuite as { "@_name": string; testcase: unknown[] }[]
    expect(suites.map((suite) => [suite["@_name"], suite.testcase.length]).sort()).toEqual(
      results.outcomes.map(({ promise, checks }) => [promise, checks.length]).sort(),
    )
  })

  test("the page holds the picture and needs nothing beside it", () => {
    const html = read("smoke.html").toString()
    const [, inlined] = html.match(/<img src="data:image\/png;base64,([^"]+)"/) ?? []
    expect(Buffer.from(inlined ?? "", "base64").equals(read("desktop.png"))).toBe(true)
    const rest = html.replaceAll(/data:image\/png;base64,[A-Za-z0-9+/=]+/g, "data:")
    const references = rest.matchAll(/(?:src|href|srcset|action)\s*=\s*["']?(?!data:|["'])|url\(|@import|<script|<link|<iframe/gi)
    expect([...references].map(({ index }) => rest.slice(index, index + 80))).toEqual([])
  })

  test("the picture is a desktop: 1280x720, a light panel below, a wallpaper of many colours, a dark window on it", () => {
    const picture = new Picture(read("desktop.png"))
    expect(picture.size).toEqual([1280, 720])
    expect(picture.colours(840, 0, 420, 500)).toBeGreaterThan(100)
    expect(Math.min(...across(500).map((x) => picture.brightness(x, 702)))).toBeGreaterThan(180)
    expect(Math.max(...across(300).map((x) => picture.brightness(x, 320)))).toBeLessThan(70)
  })

  test("its times and size are real", () => {
    expect(results.size).toBeGreaterThan(100e6)
    for (const { promise, seconds } of results.outcomes) expect(seconds, promise).toBeGreaterThan(0.05)
  })
})
