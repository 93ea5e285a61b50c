import { describe, expect, test } from "vitest"
import { farm } from "../../support/farm.ts"

/** How a call with a flag ends. */
const called = (verb: string, flag: string) => farm(["call", verb, "--distro=bookworm", flag], 5)

describe("a value that a flag doesn't have is refused before the module is asked", () => {
  test.each([
    ["build", "profile", "HELIOS,KVDI"],
    ["build", "init", "S6,SUPERVISORD,SYSTEMD"],
    ["smoke", "browser", "CHROMIUM,FIREFOX"],
  ])("%s --%s, by the CLI", async (verb, flag, names) => {
    const { exitCode, stderr } = await called(verb, `--${flag}=nope`)
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain(`invalid argument "nope" for "--${flag}" flag: value should be one of ${names}`)
  })

  test("--platform, by the engine", async () => {
    const { exitCode, stderr } = await called("build", "--platform=nope")
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain('"nope": unknown operating system or architecture')
  })
})
