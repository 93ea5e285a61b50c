import { appendFileSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, describe, expect, test } from "vitest"
import { LAYERS } from "../../../src/core/graph.ts"
import { clean, MINUTE, MIRROR, NO_MIRROR, publishedImage, ROOT, room } from "../farm.ts"
import { between, layers } from "../registry.ts"

const { inCopy } = (await import(join(ROOT, "test/bench/copy.mjs"))) as { inCopy: <T>(work: (copy: string) => Promise<T>) => Promise<T> }

const COMMIT = "0123456789abcdef0123456789abcdef01234567"
const PATH = `layers-${process.pid}`
const MEGABYTE = 1e6

afterAll(clean)

describe("a release that changes only common/", () => {
  const distros = room()
  const distro = { name: "mine", title: "Debian 12 for one platform", extends: "bookworm", platforms: ["linux/amd64"] }
  mkdirSync(join(distros, "mine"))
  writeFileSync(join(distros, "mine/distro.json"), JSON.stringify(distro))

  /** Releases that one image from a farm: the bytes that came to the registry. */
  async function released(farm: string, commit: string): Promise<number> {
    const { registry, uploaded, close } = await between(() => false)
    const where = [`--repository=${registry}/${PATH}`, `--local=tcp://${registry}`]
    const release = [`--distros=${distros}`, "release", "--ref=refs/heads/main", `--commit=${commit}`, ...where]
    const only = ["only", "--distro=mine", "--profile=kvdi", "--init=supervisord", "publish"]
    try {
      const { stdout } = await execa(join(ROOT, "dagger/run"), ["call", ...release, ...only], { cwd: farm, timeout: 25 * MINUTE })
      expect(stdout).toContain("1 published, 0 unchanged, 0 failed")
      return uploaded()
    } finally {
      close()
    }
  }

  test("uploads at most a megabyte", () =>
    inCopy(async (farm) => {
      const first = await released(farm, COMMIT)
      appendFileSync(join(farm, "common/kvdi/usr/local/bin/on-display"), `# ${PATH}\n`)
      const second = await released(farm, COMMIT.replace("0", "f"))
      console.log(`uploaded at first: ${first} bytes; after a change in common/: ${second} bytes`)
      expect(first).toBeGreaterThan(100 * MEGABYTE)
      expect(second).toBeGreaterThan(0)
      expect(second).toBeLessThanOrEqual(MEGABYTE)
    }))
})

/** The digests of an image's layers, that of the distro's own packages excepted. */
const above = async (profile: string, distro: string) => (await layers(await publishedImage(profile, distro))).slice(1)

describe("layers of equal content have one digest across distros", { timeout: 60 * MINUTE }, () => {
  test("kvdi: everything but the distro's packages", async () => {
    const [bookworm, trixie] = [await above("kvdi", "bookworm"), await above("kvdi", "trixie")]
    expect(bookworm.length).toBe(3)
    expect(trixie).toEqual(bookworm)
  })

  test.skipIf(!MIRROR)(`helios: everything but what is compiled for the distro's Node${MIRROR ? "" : `, ${NO_MIRROR}`}`, async () => {
    const [bookworm, trixie] = [await above("helios", "bookworm"), await above("helios", "trixie")]
    const native = LAYERS.indexOf("kclient") + 1
    const shared = (all: string[]) => all.filter((_, index) => index !== native)
    expect(bookworm.length).toBe(LAYERS.length + 1 + 2)
    expect(shared(trixie)).toEqual(shared(bookworm))
    expect(trixie[native]).not.toBe(bookworm[native])
  })
})
