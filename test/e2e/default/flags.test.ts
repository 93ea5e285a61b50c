import { describe, expect, test } from "vitest"
import { farm } from "../../support/farm.ts"

/** How a call with a flag ends. */
const built = (flag: string) => farm(["call", "build", "--distro=bookworm", flag], 5)

describe("a value that a flag doesn't have is refused before the module is asked", () => {
  test.each([
    ["profile", "HELIOS,KVDI"],
    ["init", "S6,SUPERVISORD,SYSTEMD"],
  ])("--%s, by the CLI", async (flag, names) => {
    const { exitCode, stderr } = await built(`--${flag}=nope`)
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain(`invalid argument "nope" for "--${flag}" flag: value should be one of ${names}`)
  })

  test("--platform, by the engine", async () => {
    const { exitCode, stderr } = await built("--platform=nope")
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain('"nope": unknown operating system or architecture')
  })
})
