import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { call, clean, failures, MINUTE, MIRROR, NO_MIRROR, room, smoke } from "../../support/farm.ts"

const distros = room()
const before = [`--distros=${distros}`]

afterAll(clean)
mkdirSync(join(distros, "studio"))
writeFileSync(join(distros, "studio/distro.json"), JSON.stringify({ name: "studio", extends: "bookworm", title: "Our studio", gpu: true }))

test.skipIf(!MIRROR)(
  `a distro with the role gpu renders by Vulkan and keeps its budget ${MIRROR ? "" : NO_MIRROR}`,
  async () => {
    const results = await smoke("studio", { profile: "helios", only: ["gl", "minimal", "labels"], before, minutes: 55 })
    expect(failures(results)).toEqual([])
    expect(results.outcomes.map(({ status }) => status)).toEqual(["passed", "passed", "passed"])
  },
  60 * MINUTE,
)

test(
  "the drivers are those of AMD's and Intel's GPUs and of none, for Vulkan and for video",
  async () => {
    const listed = (await call([...before, "image", "--distro=studio", "--profile=kvdi", "files"], 20)).split("\n").join(" ")
    for (const driver of ["icd.d/radeon_icd", "icd.d/intel_icd", "icd.d/lvp_icd", "dri/radeonsi_drv_video.so"])
      expect(listed).toContain(driver)
  },
  20 * MINUTE,
)
