import { cpSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { call, clean, failures, MIRROR, NO_MIRROR, ROOT, room, smoke } from "../farm.ts"

const MINUTES = 170
const ARM = ["--platform=linux/arm64"]
const farm = [`--mirror=${MIRROR}`]
const bookworm = ["--distro=bookworm", ...ARM]
const build = [...farm, "build", ...bookworm]
const FIXTURES = join(ROOT, "test/fixtures/arm64")
const WRAPPED = ["jsimd_fdct_islow_neon", "jsimd_idct_islow_neon"]

describe.skipIf(!MIRROR)(`helios on linux/arm64${MIRROR ? "" : `, ${NO_MIRROR}`}`, { timeout: MINUTES * 60_000 }, () => {
  // The toolchain with libjpeg-turbo, and s6 over it; where this machine is another, the kernel has what runs there emulated.
  const root = join(room(), "root")

  beforeAll(async () => {
    for (const name of ["libjpeg-turbo", "s6"]) {
      await call([...farm, "component", `--name=${name}`, ...bookworm, "export", `--path=${root}`], MINUTES)
    }
    cpSync(FIXTURES, root, { recursive: true })
  }, MINUTES * 60_000)
  afterAll(clean)

  test("libjpeg-turbo compresses a picture and decompresses it with Neon", async () => {
    const flags = WRAPPED.map((name) => `-Wl,--wrap=${name}`)
    await execa("chroot", [root, "gcc", "-O1", "-o", "/round-trip", ...flags, "/round-trip.c", "/usr/local/lib/libturbojpeg.a", "-lm"])
    const { stdout } = await execa("chroot", [root, "/round-trip"])
    const [, bytes, psnr, forward, inverse] = (stdout.match(/^bytes (\d+) psnr ([\d.]+) forward (\d+) inverse (\d+)/) ?? []).map(Number)
    expect(bytes).toBeLessThan(640 * 480)
    expect(psnr).toBeGreaterThan(38)
    // 80 by 60 blocks of each of three colours.
    expect([forward, inverse]).toEqual([14_400, 14_400])
  })

  test("s6's /init boots a service and hands its program's exit code on", async () => {
    const init = ["/init", "sh", "-c", "sleep 5; exit 7"]
    const { exitCode, stdout } = await execa("unshare", ["--pid", "--fork", "--mount", `--root=${root}`, "--mount-proc", ...init], {
      reject: false,
      env: { PATH: "/command:/usr/bin:/bin" },
      extendEnv: false,
    })
    expect([exitCode, stdout]).toEqual([7, expect.stringContaining("a service of aarch64")])
  })

  test("Xvnc is built whole and names its X server's release", async () => {
    expect(await call([...build, "with-exec", "--args=Xvnc,-version", "stderr"], MINUTES)).toMatch(/X server release 12101004/)
    expect(await call([...build, "with-exec", "--args=uname,-m", "stdout"], MINUTES)).toBe("aarch64")
  })

  test("the image boots and its page shows panel, wallpaper and a window in a browser", async () => {
    const results = await smoke("bookworm", { profile: "helios", more: ARM, only: ["web"], minutes: MINUTES })
    expect(failures(results)).toEqual([])
    expect(results.image).toContain("linux/arm64")
  })
})
