import { expect, test, vi } from "vitest"
import { Helios } from "../../src/index.ts"

/** What a call asks of the engine. */
const asked = vi.hoisted(() => [] as string[])

vi.mock("@dagger.io/dagger", () => {
  const decorate = () => () => undefined
  const dag = new Proxy(
    {},
    {
      get: (_, name) => () => {
        asked.push(String(name))
        if (name === "defaultPlatform") return Promise.resolve("linux/amd64")
        throw new Error(`${String(name)} was asked for`)
      },
    },
  )
  const enums = { CacheSharingMode: {}, ImageLayerCompression: {}, ReturnType: {} }
  return { dag, argument: decorate, check: decorate, func: decorate, object: decorate, ...enums }
})

test.each(["linux/amd64", "linux/arm64"])(
  "a plan for %s runs no container, so it needs neither a base image nor emulation",
  async (platform) => {
    asked.length = 0
    const plan = JSON.parse(await new Helios().plan("bookworm", undefined, platform as never))
    expect([plan.platform, plan.profile]).toEqual([platform, "helios"])
    expect(asked.filter((name) => name !== "defaultPlatform")).toEqual([])
  },
)
