import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { call, clean, MINUTE, MIRROR, NO_MIRROR, promisesOf, room } from "../../support/farm.ts"
import { textOf } from "../../support/releases/registry.ts"
import { type Asked, byPublicKey, HELIOS, makeTrust, PATH, release, tags } from "../../support/releases/released.ts"

const HOURS = 60 * MINUTE
const LONG = 240
const KVDI = ["--distro=bookworm,trixie", "--profile=kvdi", "--init=supervisord"]
const tag = { ref: "refs/tags/v1.2.3" }

beforeAll(makeTrust, 40 * MINUTE)
afterAll(clean)

/** The platforms of what a tag names. */
const platforms = async (image: string, name: string) =>
  (JSON.parse(await textOf(`${PATH}/${image}`, name)).manifests as { platform: { os: string; architecture: string } }[]).map(
    ({ platform: { os, architecture } }) => `${os}/${architecture}`,
  )

const checked = async (asked: Asked, verb: string[]) =>
  call(await release({ ...tag, signed: byPublicKey(await makeTrust()), ...asked }, verb), 30)

describe.sequential("v1.2.3 is released", { timeout: 5 * HOURS }, () => {
  test("of kvdi for Debian 12 and 13 on both platforms", async () => {
    expect(await call(await release({ ...tag, which: KVDI }), LONG)).toMatch(/2 published, 0 unchanged, 0 failed$/)
    expect([...(await tags()).keys()].sort()).toEqual(
      ["bookworm", "trixie"].flatMap((distro) => [
        `v1.2.3-${distro}`,
        expect.stringMatching(RegExp(`^v1\\.2\\.3-${distro}-\\d{8}T\\d{6}Z-0123456789ab$`)),
      ]),
    )
    for (const distro of ["bookworm", "trixie"])
      expect(await platforms("helios-kvdi", `v1.2.3-${distro}`)).toEqual(["linux/amd64", "linux/arm64"])
  })

  test("and verified from outside, each platform", async () => {
    const said = await checked({ which: KVDI }, ["verify"])
    const kept = promisesOf("kvdi", "supervisord").length
    expect(said.match(RegExp(`^ {2}linux/(amd64|arm64): ${kept} promises kept, \\d{3} packages`, "gm"))).toHaveLength(4)
    expect(said).toMatch(/2 verified, 0 failed$/)
  })

  test("and explained in a report, with a picture of each desktop", async () => {
    const folder = join(room(), "report")
    await checked({ which: KVDI }, ["report", "export", `--path=${folder}`])
    expect(readdirSync(folder).sort()).toEqual(["desktops", "report.html", "report.md", "sizes.svg", "summary.md"])
    expect(readdirSync(join(folder, "desktops"))).toHaveLength(4)
    const report = readFileSync(join(folder, "report.md"), "utf8")
    for (const distro of ["bookworm", "trixie"]) expect(report).toContain(`helios-kvdi:v1.2.3-${distro}`)
  })

  test.skipIf(!MIRROR)(`of helios for Debian 12${MIRROR ? "" : `, ${NO_MIRROR}`}`, async () => {
    const helios = { which: HELIOS, before: [`--mirror=${MIRROR}`] }
    expect(await call(await release({ ...tag, ...helios }), LONG)).toMatch(/^published .*helios:v1\.2\.3-mine is/)
    expect(await platforms("helios", "v1.2.3-mine")).toEqual(["linux/amd64"])
    const kept = promisesOf("helios", "s6").length
    expect(await checked(helios, ["verify"])).toMatch(
      RegExp(` {2}linux/amd64: ${kept} promises kept, \\d{3,4} packages, \\d+ vulnerabilities patched[\\s\\S]*1 verified`),
    )
  })
})
