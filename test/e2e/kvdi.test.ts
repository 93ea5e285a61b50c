import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { XMLParser, XMLValidator } from "fast-xml-parser"
import { PNG } from "pngjs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Results } from "../../src/core/report.ts"
import { call, clean, failures, publishedImage, REGISTRY, ROOT, room } from "./farm.ts"

const promises = ["both", "kvdi"]
  .flatMap((folder) => readdirSync(join(ROOT, "common/smoke", folder)))
  .filter((name) => name.endsWith(".bats"))
  .map((name) => name.replace(".bats", ""))
  .sort()

const at = (picture: PNG, x: number, y: number) => [...picture.data.subarray((y * picture.width + x) * 4, (y * picture.width + x) * 4 + 3)]

const colours = (picture: PNG, left: number, top: number, width: number, height: number) =>
  new Set(Array.from({ length: width * height }, (_, i) => at(picture, left + (i % width), top + Math.floor(i / width)).join())).size

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
    await call(["smoke", "--distro=bookworm", "files", `--output=${folder}`], 15)
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
      const [file] = ["both", "kvdi"].flatMap((name) => {
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
    const references = [
      ...html.matchAll(/(?:src|href|srcset|action|data)\s*=\s*["']?(?!data:)[^\s>]+|url\(|@import|<script|<link|<iframe/gi),
    ]
    expect(references.map(([text]) => text)).toEqual([])
  })

  test("the picture is a desktop: 1280x720, a light panel below, a wallpaper of many colours, a dark window on it", () => {
    const picture = PNG.sync.read(read("desktop.png"))
    expect([picture.width, picture.height]).toEqual([1280, 720])
    expect(colours(picture, 360, 0, 900, 150)).toBeGreaterThan(100)
    const brightness = (x: number, y: number) => at(picture, x, y).reduce((sum, value) => sum + value, 0) / 3
    const panel = Array.from({ length: 40 }, (_, i) => brightness(500 + i * 10, 702))
    expect(Math.min(...panel)).toBeGreaterThan(180)
    const window = Array.from({ length: 20 }, (_, i) => brightness(300 + i * 10, 320))
    expect(Math.max(...window)).toBeLessThan(70)
  })

  test("its times and size are real", () => {
    expect(results.size).toBeGreaterThan(100e6)
    for (const { promise, seconds } of results.outcomes) expect(seconds, promise).toBeGreaterThan(0.05)
  })
})
