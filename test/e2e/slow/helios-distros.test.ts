import { afterAll, describe, expect, test } from "vitest"
import { call, clean, failures, MIRROR, NO_MIRROR, sizeProblems, smoke } from "../../support/farm.ts"

const OLDER = ["--xorg=1.20.14"]

afterAll(clean)

describe.skipIf(!MIRROR)(`helios${MIRROR ? "" : `, ${NO_MIRROR}`}`, () => {
  test.each([
    ["trixie", []],
    ["sid", []],
    ["bookworm", OLDER],
  ] as [string, string[]][])("%s %j keeps every promise, none skipped", async (distro, more) => {
    const { outcomes, ...results } = await smoke(distro, { profile: "helios", more })
    expect(failures({ outcomes, ...results })).toEqual([])
    expect(outcomes.filter(({ status }) => status === "passed").length).toBeGreaterThanOrEqual(28)
    expect(sizeProblems(results.size, distro, "helios", "s6")).toEqual([])
  })

  test("--xorg=1.20.14 is the X server that runs", async () => {
    const build = [`--mirror=${MIRROR}`, "build", "--distro=bookworm", "--profile=helios", ...OLDER]
    expect(await call([...build, "with-exec", "--args=Xvnc,-version", "stderr"], 30)).toMatch(/X server release 12014000/)
  })
})
