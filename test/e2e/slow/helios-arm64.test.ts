import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { call, clean, failures, MIRROR, NO_MIRROR, need, ROOT, room, smoke } from "../../support/farm.ts"

const MINUTES = 170
const farm = [`--mirror=${MIRROR}`]
const ARM = ["--platform=linux/arm64"]
const bookworm = ["--distro=bookworm", ...ARM]
const build = [...farm, "build", ...bookworm]
const SOURCE = join(ROOT, "test/fixtures/arm64/round-trip.c")
const WRAPPED = ["jsimd_fdct_islow_neon", "jsimd_idct_islow_neon"]
const SERVICES = "/etc/s6-overlay/s6-rc.d"
const file = (path: string, contents: string) => [
  "with-new-file",
  `--path=${SERVICES}/${path}`,
  `--contents=${contents}`,
  "--permissions=0755",
]

describe.skipIf(!MIRROR)(`helios on linux/arm64${MIRROR ? "" : `, ${NO_MIRROR}`}`, { timeout: MINUTES * 60_000 }, () => {
  beforeAll(() => need("aarch64-linux-gnu-gcc", ["gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"]))
  afterAll(clean)

  test("libjpeg-turbo compresses a picture and decompresses it with Neon", async () => {
    const local = room()
    const built = [...farm, "stage", "--name=libjpeg-turbo", ...bookworm, "directory", "--path=/usr/local"]
    await call([...built, "export", `--path=${local}`], MINUTES)
    const flags = ["-O1", "-static", `-I${local}/include`, ...WRAPPED.map((name) => `-Wl,--wrap=${name}`)]
    const program = join(local, "round-trip")
    await execa("aarch64-linux-gnu-gcc", [...flags, "-o", program, SOURCE, `${local}/lib/libturbojpeg.a`, "-lm"])
    // The kernel has it emulated where this machine is another.
    const { stdout } = await execa(program)
    const [, bytes, psnr, forward, inverse] = (stdout.match(/^bytes (\d+) psnr ([\d.]+) forward (\d+) inverse (\d+)/) ?? []).map(Number)
    expect(bytes).toBeLessThan(640 * 480)
    expect(psnr).toBeGreaterThan(38)
    // 80 by 60 blocks of each of three colours.
    expect([forward, inverse]).toEqual([14_400, 14_400])
  })

  test("s6's /init boots a service and hands its program's exit code on", async () => {
    const one = [
      "without-directory",
      `--path=${SERVICES}/user/contents.d`,
      ...file("user/contents.d/hello", ""),
      ...file("hello/type", "longrun"),
    ]
    const hello = file("hello/run", "#!/bin/sh\necho a service of $(uname -m)\nexec sleep 1000\n")
    const init = "--args=unshare,--pid,--fork,--mount-proc,/init,sh,-c,sleep 5; exit 7"
    const booted = [...build, ...one, ...hello, "with-exec", init, "--expect=ANY", "--insecure-root-capabilities"]
    expect(await call([...booted, "stdout"], MINUTES)).toContain("a service of aarch64")
    expect(await call([...booted, "exit-code"], MINUTES)).toBe("7")
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
