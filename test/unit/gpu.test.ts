import { expect, test } from "vitest"
import { plan } from "../../src/core/plan/plan.ts"
import { farm, pins } from "../support/catalog.ts"

const planned = (own: object, parent = "bookworm", files: Record<string, object> = {}) =>
  plan(farm({ ...files, "mine/distro.json": { name: "mine", extends: parent, ...own } }), pins(), {
    distro: "mine",
    platform: "linux/amd64",
  })

test.each([
  ["bookworm", ["mesa-va-drivers", "mesa-vulkan-drivers", "vainfo", "vulkan-tools"]],
  ["rocky-9", ["mesa-vulkan-drivers", "vulkan-loader", "vulkan-tools"]],
])("a distro with a gpu has the packages of its family's role, and room for them: %s", (parent, packages) => {
  const without = planned({}, parent)
  const { packages: found, budget } = planned({ gpu: true }, parent)
  expect(found.filter((name) => !without.packages.includes(name))).toEqual(packages)
  expect(budget - without.budget).toBe(160)
})

test("none has them by itself, and one that extends another says so or not", () => {
  for (const name of farm().distros.keys()) expect(farm().distros.get(name)?.gpu, name).toBe(false)
  const studio = { "studio/distro.json": { name: "studio", extends: "bookworm", gpu: true } }
  expect(planned({}, "studio", studio).packages).toContain("mesa-vulkan-drivers")
  expect(planned({ gpu: false }, "studio", studio).packages).not.toContain("mesa-vulkan-drivers")
})

test("where the family has no such role, one line says so", () => {
  expect(() => planned({ gpu: true }, "arch")).toThrow(
    'distros/mine/distro.json: gpu: expected false, since distros/_families/arch/family.json has no "gpuBudget"',
  )
})
