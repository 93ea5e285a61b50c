import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Directory, dag, type Platform, ReturnType } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { plan } from "../../../src/core/plan.ts"
import { component } from "../../../src/verbs/component.ts"
import { openFarm } from "../../../src/verbs/farm.ts"
import { call, clean, failures, MIRROR, NO_MIRROR, ROOT, smoke } from "../farm.ts"
import { inSession, stopServers } from "../mirror.ts"

const MINUTES = 170
const PLATFORM = "linux/arm64" as Platform
const ARM = [`--platform=${PLATFORM}`]
const build = [`--mirror=${MIRROR}`, "build", "--distro=bookworm", ...ARM]
const WRAPPED = ["jsimd_fdct_islow_neon", "jsimd_idct_islow_neon"]

describe.skipIf(!MIRROR)(`helios on ${PLATFORM}${MIRROR ? "" : `, ${NO_MIRROR}`}`, { timeout: MINUTES * 60_000 }, () => {
  beforeAll(async () => {
    // The command line sees to the emulation and to the bases.
    await call([`--mirror=${MIRROR}`, "plan", "--distro=bookworm", ...ARM], 20)
    await inSession()
  }, 30 * 60_000)
  afterAll(stopServers)
  afterAll(clean)

  /** What one stage yields there. */
  async function stage(name: string): Promise<Directory> {
    const farm = await openFarm({ mirror: MIRROR })
    return component(farm, plan(farm.catalog, farm, { distro: "bookworm", platform: PLATFORM }), name)
  }

  const on = (files: Directory) => dag.container({ platform: PLATFORM }).withRootfs(files)

  test("libjpeg-turbo compresses a picture and decompresses it with Neon", async () => {
    const flags = WRAPPED.map((name) => `-Wl,--wrap=${name}`)
    const said = await on(await stage("libjpeg-turbo"))
      .withNewFile("/tmp/round-trip.c", readFileSync(join(ROOT, "test/fixtures/arm64/round-trip.c"), "utf8"))
      .withExec(["gcc", "-O1", "-o", "/tmp/round-trip", ...flags, "/tmp/round-trip.c", "/usr/local/lib/libturbojpeg.a", "-lm"])
      .withExec(["/tmp/round-trip"])
      .stdout()
    const [, bytes, psnr, forward, inverse] = (said.match(/^bytes (\d+) psnr ([\d.]+) forward (\d+) inverse (\d+)/) ?? []).map(Number)
    expect(bytes).toBeLessThan(640 * 480)
    expect(psnr).toBeGreaterThan(38)
    // 80 by 60 blocks of each of three colours.
    expect([forward, inverse]).toEqual([14_400, 14_400])
  })

  test("s6's /init boots a service and hands its program's exit code on", async () => {
    const base = dag.container({ platform: PLATFORM }).from("debian:bookworm-slim")
    const service = "/etc/s6-overlay/s6-rc.d/hello"
    const ran = base
      .withDirectory("/", await stage("s6"))
      .withNewFile(`${service}/type`, "longrun\n")
      .withNewFile(`${service}/run`, "#!/bin/sh\necho a service of $(uname -m)\nexec sleep 1000\n", { permissions: 0o755 })
      .withNewFile("/etc/s6-overlay/s6-rc.d/user/contents.d/hello", "")
      .withExec(["unshare", "--pid", "--fork", "--mount-proc", "/init", "sh", "-c", "sleep 5; exit 7"], {
        expect: ReturnType.Any,
        insecureRootCapabilities: true,
      })
    expect([await ran.exitCode(), await ran.stdout()]).toEqual([7, expect.stringContaining("a service of aarch64")])
  })

  test("Xvnc is built whole and names its X server's release", async () => {
    expect(await call([...build, "with-exec", "--args=Xvnc,-version", "stderr"], MINUTES)).toMatch(/X server release 12101004/)
    expect(await call([...build, "with-exec", "--args=uname,-m", "stdout"], MINUTES)).toBe("aarch64")
  })

  test("the image boots and its page shows panel, wallpaper and a window in a browser", async () => {
    const results = await smoke("bookworm", { profile: "helios", more: ARM, only: ["web"], minutes: MINUTES })
    expect(failures(results)).toEqual([])
    expect(results.image).toContain(PLATFORM)
  })
})
