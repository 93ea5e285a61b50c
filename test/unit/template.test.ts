import { readdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"
import { matrix } from "../../src/core/catalog/matrix.ts"
import { kvdiTemplate, templateName } from "../../src/core/plan/kvdi-template.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { farm, pins, ROOT } from "../support/catalog.ts"

const FOLDER = join(ROOT, "common/deploy/kvdi")
const [platform] = ["linux/amd64"]
const plans = matrix(farm())
  .filter((cell) => cell.profile === "kvdi" && cell.platform === platform)
  .map((cell) => plan(farm(), pins(), cell))
const named = plans.map((each) => [templateName(each), each] as const)

describe("every kvdi image has its template in common/deploy/kvdi, to write them anew run vitest with --update", () => {
  test.each(named)("%s", async (name, each) => {
    await expect(kvdiTemplate(each, `registry/helios-kvdi:${name}`)).toMatchFileSnapshot(join(FOLDER, `${name}.yaml`))
  })

  test("and there are no others", () => expect(readdirSync(FOLDER).sort()).toEqual(named.map(([name]) => `${name}.yaml`).sort()))
})

const [first] = plans as [(typeof plans)[number]]

test.each(["registry/helios-kvdi", "registry:5000/a/b:v1.0.0-bookworm", `ghcr.io/a/b@sha256:${"0".repeat(64)}`])(
  "an image at %s is what kVDI is told to start",
  (address) => expect(parse(kvdiTemplate(first, address)).spec.desktop.image).toBe(address),
)

test.each(["", "debian", "registry/a:b c", "registry/a:b\n  init: x", "registry/A:b", "registry/a:", "registry/a@sha256:00"])(
  "%j is refused",
  (address) =>
    expect(() => kvdiTemplate(first, address)).toThrow(
      `--address=${address}: expected an image's address, such as REGISTRY/helios-kvdi:${templateName(first)}`,
    ),
)

test("an image without a VNC server has none", () => {
  const helios = plan(farm(), pins(), { distro: "bookworm", profile: "helios", platform })
  expect(() => kvdiTemplate(helios, "registry/helios:tag")).toThrow(
    "kvdi-template: kVDI takes VNC servers, and this is an image of helios; expected --profile=kvdi",
  )
})
