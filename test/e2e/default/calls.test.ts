import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { XMLValidator } from "fast-xml-parser"
import { PNG } from "pngjs"
import { afterAll, expect, test } from "vitest"
import { distroNames } from "../../support/catalog.ts"
import { call, clean, ROOT, room, sizeProblems } from "../../support/farm.ts"

afterAll(clean)

const bookworm = ["--distro=bookworm", "--profile=kvdi"]

test("distros names every distro", async () => {
  const names = await call(["distros", "rows", "name"])
  expect([...new Set(names.split("\n"))]).toEqual(distroNames())
})

test("distros tells of each what it weighs and what it may, or that nobody has measured it", async () => {
  const lines = await call(["distros", "summary"])
  expect(lines).toMatch(/^bookworm +helios .* s6 \d+ MB, at most 900 MB {2}/m)
  expect(lines).toMatch(/^rocky-9 +helios .* not measured, at most 1001 MB {2}/m)
})

test("matrix is JSON with a row for each image", async () => {
  const rows = JSON.parse(await call(["matrix"])) as Record<string, string>[]
  expect(rows).toHaveLength(readdirSync(join(ROOT, "test/unit/plans")).length)
  expect(rows).toContainEqual({ distro: "bookworm", profile: "kvdi", init: "supervisord", platform: "linux/arm64", shard: "debian-arm64" })
})

test("graph is an SVG that shows the steps", async () => {
  const file = join(room(), "graph.svg")
  await call(["graph", ...bookworm, `--output=${file}`])
  const svg = readFileSync(file, "utf8")
  expect(XMLValidator.validate(svg)).toBe(true)
  expect(svg).toContain("common/overlays/kvdi")
})

test("packages names what is installed, with versions", async () => {
  expect(await call(["image", ...bookworm, "packages"])).toMatch(/^xfwm4 4\.\S+ amd64$/m)
})

test("size is what the files weigh, and what distros says", async () => {
  const bytes = Number(await call(["image", ...bookworm, "size"]))
  expect(bytes).toBeGreaterThan(300e6)
  expect(bytes).toBeLessThan(600e6)
  expect(sizeProblems(bytes, "bookworm", "kvdi", "supervisord")).toEqual([])
})

test.each([
  [[], [1280, 720]],
  [["--size=1600x900"], [1600, 900]],
])("screenshot %j is a PNG of the desktop with a terminal, of %j", async (options, size) => {
  const file = join(room(), "desktop.png")
  await call(["image", ...bookworm, "screenshot", ...options, `--output=${file}`])
  const { width, height } = PNG.sync.read(readFileSync(file))
  expect([width, height]).toEqual(size)
})

test("component shows what a stage yields", async () => {
  expect(await call(["stage", "--name=packages", ...bookworm, "entries"])).toMatch(/^usr\/$/m)
})

test("a date whose packages are installed is in the plan, with the archives of that day", async () => {
  const dated = (date: string) => call([`--as-of=${date}`, "plan", ...bookworm])
  expect(JSON.parse(await dated("2026-11-23"))).toMatchObject({
    asOf: "2026-11-23",
    snapshots: { debian: "http://snapshot.debian.org/archive/debian/20261123T000000Z/" },
  })
})
