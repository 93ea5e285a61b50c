import { appendFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { LAYERS } from "../../../src/core/plan/components.ts"
import { call, clean, MINUTE, MIRROR, NO_MIRROR, publishedImage, ROOT } from "../../support/farm.ts"
import { between, layers, textOf } from "../../support/releases/registry.ts"
import { byPublicKey, COMMIT, later, makeTrust, mine, REPOSITORY, release } from "../../support/releases/released.ts"

const { inCopy } = (await import(join(ROOT, "test/bench/copy.mjs"))) as { inCopy: <T>(work: (copy: string) => Promise<T>) => Promise<T> }

const MEGABYTE = 1e6

afterAll(clean)

describe("a release that changes only common/", { timeout: 60 * MINUTE }, () => {
  const distros = mine()

  beforeAll(makeTrust, 40 * MINUTE)

  /** Releases that one image from a farm: the bytes that came to the registry, and its layers' bytes by digest. */
  async function released(farm: string, commit: string) {
    const { registry, uploaded, close } = await between(() => false)
    try {
      const words = await release({ distros, commit, registry })
      const { stdout } = await execa(join(ROOT, "dagger/run"), ["call", ...words], { cwd: farm, timeout: 25 * MINUTE })
      expect(stdout).toContain("1 published, 0 unchanged, 0 failed")
    } finally {
      close()
    }
    const { manifests } = JSON.parse(await textOf(REPOSITORY, "unstable-mine")) as { manifests: { digest: string }[] }
    const manifest = JSON.parse(await textOf(REPOSITORY, manifests[0]?.digest as string)) as { layers: { digest: string; size: number }[] }
    return { uploaded: uploaded(), layers: new Map(manifest.layers.map(({ digest, size }) => [digest, size])) }
  }

  test("uploads at most a megabyte of layers, and its report names the file", () =>
    inCopy(async (farm) => {
      const first = await released(farm, COMMIT)
      appendFileSync(join(farm, "common/overlays/kvdi/usr/local/bin/on-display"), `# ${process.pid}\n`)
      const second = await released(farm, later())
      const added = [...second.layers].filter(([digest]) => !first.layers.has(digest)).reduce((sum, [, size]) => sum + size, 0)
      console.log(
        `uploaded at first: ${first.uploaded} bytes; then ${second.uploaded}, of which ${added} are layers and the rest is attested`,
      )
      expect(first.uploaded).toBeGreaterThan(100 * MEGABYTE)
      expect(added).toBeGreaterThan(0)
      expect(added).toBeLessThanOrEqual(MEGABYTE)
      expect(second.uploaded).toBeLessThanOrEqual(4 * MEGABYTE)
      const asked = { distros, commit: later(), signed: byPublicKey(await makeTrust()) }
      const report = await call(await release(asked, ["report", "file", "--path=report.md", "contents"]))
      expect(report).toMatch(/^\| files \| 0 added, 0 removed, 1 changed; 5\d\d(\.\d)? MB → 5\d\d(\.\d)? MB unpacked \|$/m)
      expect(report).toMatch(/^~ \/usr\/local\/bin\/on-display /m)
    }))
})

/** The digests of an image's layers, those of the distro's own packages and of their list excepted. */
const above = async (profile: string, distro: string) => (await layers(await publishedImage(profile, distro))).slice(2)

describe("layers of equal content have one digest across distros", { timeout: 60 * MINUTE }, () => {
  test("kvdi: everything but the distro's packages", async () => {
    const [bookworm, trixie] = [await above("kvdi", "bookworm"), await above("kvdi", "trixie")]
    expect(bookworm.length).toBe(4)
    expect(trixie).toEqual(bookworm)
  })

  test.skipIf(!MIRROR)(`helios: everything but what is compiled for the distro's Node${MIRROR ? "" : `, ${NO_MIRROR}`}`, async () => {
    const [bookworm, trixie] = [await above("helios", "bookworm"), await above("helios", "trixie")]
    const native = LAYERS.indexOf("kclient") + 1
    const shared = (all: string[]) => all.filter((_, index) => index !== native)
    expect(bookworm.length).toBe(LAYERS.length + 1 + 3)
    expect(shared(trixie)).toEqual(shared(bookworm))
    expect(trixie[native]).not.toBe(bookworm[native])
  })
})
