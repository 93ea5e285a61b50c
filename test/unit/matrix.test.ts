import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { changedMatrix, matrix } from "../../src/core/catalog/matrix.ts"
import { RECIPES } from "../../src/core/catalog/profiles.ts"
import { farm, ROOT } from "../support/catalog.ts"

const ALL = ["alma-9", "arch", "bookworm", "desk", "jammy", "kali", "kiosk", "noble", "resolute", "rocky-9", "sid", "trixie"]
const desk = { name: "desk", extends: "sid", title: "Desk" }
const catalog = farm({ "desk/distro.json": desk, "kiosk/distro.json": { ...desk, name: "kiosk", extends: "desk" } })

const daggerJson = readFileSync(join(ROOT, "dagger.json"), "utf8")
const cells = (paths: string[]) => changedMatrix(catalog, paths.map((path) => `${path}\n`).join(""), daggerJson)
const distros = (paths: string[]) => [...new Set(cells(paths).map(({ distro }) => distro))]
/** The inits of the images that a change affects, each with its profile. */
const inits = (path: string) => [...new Set(cells([path]).map(({ profile, init }) => `${profile} ${init}`))].sort()

test.each([
  ["a distro", ["distros/trixie/distro.json"], ["trixie"]],
  ["a distro that others extend", ["distros/sid/distro.json"], ["desk", "kiosk", "sid"]],
  ["one of those", ["distros/desk/system.sh"], ["desk", "kiosk"]],
  ["a distro that is gone", ["distros/buster/distro.json"], []],
  ["a family", ["distros/_families/rhel/root/etc/profile.d/lang.sh"], ["alma-9", "rocky-9"]],
  ["two distros and a page", ["distros/trixie/distro.json", "README.md", "distros/arch/distro.json"], ["arch", "trixie"]],
  ["pages and tests", ["README.md", "CONTRIBUTING.md", "test/unit/plan.test.ts"], []],
  ["nothing", [], []],
  ["what all distros have", ["common/overlays/all/etc/profile.d/lang.sh"], ALL],
  [
    "what the module doesn't load",
    [
      "LICENSE",
      ".github/workflows/check.yml",
      "common/deploy/compose.yaml",
      "dagger/run",
      "docs/run.md",
      "examples/go/main.go",
      "lefthook.yml",
      "dagger/dev/src/index.ts",
    ],
    [],
  ],
  ["what measures, shows and releases images", ["common/bench/boots", "common/gateway/nginx.conf", "common/release/exceptions.json"], []],
  ["a page that an image could have", ["common/overlays/all/README.md"], ALL],
  ["what it is built by", ["src/stages/xorg.ts", "distros/sid/distro.json"], ALL],
  ["what is pinned", ["sources.lock.json"], ALL],
])("a change to %s affects the images that it can alter", (_, changed, affected) => {
  expect(distros(changed)).toEqual(affected)
})

test.each(Object.entries(RECIPES).flatMap(([profile, { overlays }]) => overlays.map((overlay) => [overlay, profile] as const)))(
  "a change to the overlay %s affects %s",
  (overlay, profile) => expect(inits(`${overlay}/usr/file`).map((one) => one.split(" ")[0])).toContain(profile),
)

test("a change to an overlay of one init affects that init alone, and one to a profile's checks that profile", () => {
  for (const [profile, { inits: recipes }] of Object.entries(RECIPES))
    for (const [init, { overlays }] of Object.entries(recipes))
      for (const overlay of overlays) expect(inits(`${overlay}/usr/file`)).toEqual([`${profile} ${init}`])
  expect(inits("common/smoke/helios/web.bats")).toEqual(["helios s6"])
  expect(inits("common/smoke/kvdi/socket.bats")).toEqual(["kvdi supervisord", "kvdi systemd"])
  expect(inits("common/smoke/lab/lab.bash")).toEqual(["helios s6", "kvdi supervisord", "kvdi systemd"])
})

test("what dagger.json takes in, in place of leaving it out, is refused", () => {
  expect(() => changedMatrix(catalog, "a\n", '{"include":["src"]}')).toThrow(
    "dagger.json: include[0]: expected what is left out, such as !test",
  )
})

test("of a distro that a change affects, every image is listed", () => {
  const images = matrix(catalog)
  expect(cells(["distros/trixie/distro.json"])).toEqual(images.filter(({ distro }) => distro === "trixie"))
})

test("a shard is a family on an architecture, so that distros that are compiled by the same tools are built on one engine", () => {
  const all = matrix(catalog)
  const distrosOf = (shard: string) => [...new Set(all.filter((one) => one.shard === shard).map(({ distro }) => distro))]
  expect([...new Set(all.map(({ shard }) => shard))].sort()).toEqual([
    "arch-amd64",
    "debian-amd64",
    "debian-arm64",
    "rhel-amd64",
    "rhel-arm64",
  ])
  expect(distrosOf("rhel-arm64")).toEqual(["alma-9", "rocky-9"])
  expect(distrosOf("debian-amd64")).toContain("desk")
  for (const { shard, platform } of all) expect(platform).toBe(`linux/${shard.split("-")[1]}`)
})
