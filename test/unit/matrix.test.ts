import { expect, test } from "vitest"
import { matrix } from "../../src/core/catalog/matrix.ts"
import { farm } from "./catalog.ts"

const ALL = ["alma-9", "arch", "bookworm", "desk", "jammy", "kali", "kiosk", "noble", "rocky-9", "sid", "trixie"]
const desk = { name: "desk", extends: "sid", title: "Desk" }
const catalog = farm({ "desk/distro.json": desk, "kiosk/distro.json": { ...desk, name: "kiosk", extends: "desk" } })

const distros = (paths: string[]) => {
  const changed = paths.map((path) => `${path}\n`).join("")
  return [...new Set(matrix(catalog, changed).map(({ distro }) => distro))]
}

test.each([
  ["a distro", ["distros/trixie/distro.json"], ["trixie"]],
  ["a distro that others extend", ["distros/sid/distro.json"], ["desk", "kiosk", "sid"]],
  ["one of those", ["distros/desk/system.sh"], ["desk", "kiosk"]],
  ["a distro that is gone", ["distros/buster/distro.json"], []],
  ["a family", ["distros/_families/rhel/root/etc/profile.d/lang.sh"], ["alma-9", "rocky-9"]],
  ["two distros and a page", ["distros/trixie/distro.json", "README.md", "distros/arch/distro.json"], ["arch", "trixie"]],
  ["pages and tests", ["README.md", "CONTRIBUTING.md", "test/unit/plan.test.ts"], []],
  ["nothing", [], []],
  ["what all distros have", ["common/root/etc/nginx/nginx.conf"], ALL],
  ["a page that an image could have", ["common/deploy/README.md"], ALL],
  ["what it is built by", ["src/stages/xorg.ts", "distros/sid/distro.json"], ALL],
  ["what is pinned", ["sources.lock.json"], ALL],
])("a change to %s concerns the images that it can alter", (_, changed, concerned) => {
  expect(distros(changed)).toEqual(concerned)
})

test("of a distro that a change concerns, every image is proven", () => {
  const images = matrix(farm())
  expect(matrix(farm(), "distros/trixie/distro.json\n")).toEqual(images.filter(({ distro }) => distro === "trixie"))
})
