import type { Container } from "@dagger.io/dagger"
import { describe, expect, test, vi } from "vitest"
import { type Plan, plan } from "../../src/core/plan/plan.ts"
import { Browser } from "../../src/core/smoke/browser.ts"
import type { Farm } from "../../src/verbs/farm.ts"
import { compare } from "../../src/verbs/image/diff.ts"
import { ofPlatform } from "../../src/verbs/image/platform.ts"
import { boots, frames } from "../../src/verbs/smoke/measure.ts"
import { screenshot } from "../../src/verbs/smoke/screenshot.ts"
import { selectBrowser } from "../../src/verbs/smoke/smoke.ts"
import { farm, pins } from "../support/catalog.ts"

const arm64: Plan = plan(farm(), pins(), { distro: "bookworm", platform: "linux/arm64", profile: "kvdi" })
const builds = vi.fn<() => Promise<Container>>()
const imageFor = (platform: string) => ({ platform: async () => platform }) as Container

describe("a number of boots or seconds below one is refused, and nothing is built", () => {
  test.each([0, -1, Number.NaN])("%d", async (amount) => {
    await expect(boots({} as Farm, arm64, builds, amount)).rejects.toThrow(`--count=${amount}: expected at least 1`)
    await expect(frames({} as Farm, arm64, builds, amount)).rejects.toThrow(`--seconds=${amount}: expected at least 1`)
    expect(builds).not.toHaveBeenCalled()
  })
})

test("a browser for an image without a page is refused, and nothing is built", () => {
  expect(() => selectBrowser(arm64, Browser.Firefox)).toThrow("--browser=firefox: expected none, as kvdi has no page that a browser shows")
  expect(selectBrowser(arm64)).toBe(undefined)
  const helios = plan(farm(), pins(), { distro: "bookworm", platform: "linux/arm64", profile: "helios" })
  expect(selectBrowser(helios, Browser.Firefox)).toBe("firefox")
})

describe("a picture's size that is none is refused, and nothing is built", () => {
  test.each(["", "4k", "1280", "1280x", "1280x720x1", "01280x0720", "1280x720 ", "1023x640", "1024x639", "3841x2160", "3840x2161"])(
    "%j",
    async (size) => {
      const expected = `--size=${size}: expected WIDTHxHEIGHT from 1024x640 to 3840x2160`
      await expect(screenshot({} as Farm, arm64, builds, size)).rejects.toThrow(expected)
      expect(builds).not.toHaveBeenCalled()
    },
  )

  test.each(["1024x640", "1080x1920", "3840x2160"])("%j is one", async (size) => {
    await expect(screenshot({} as Farm, arm64, () => Promise.reject(new Error("built")), size)).rejects.toThrow("built")
  })
})

describe("an image of another platform", () => {
  const other = imageFor("linux/amd64")

  test("is not compared, and nothing is built", async () => {
    await expect(compare({} as Farm, arm64, other, builds)).rejects.toThrow(
      "--from: expected an image for linux/arm64, got one for linux/amd64; --platform=linux/amd64 compares with it",
    )
    expect(builds).not.toHaveBeenCalled()
  })

  test("is not checked, one of the plan's is", async () => {
    await expect(ofPlatform(arm64, "container", other, "checks it")).rejects.toThrow(
      "--container: expected an image for linux/arm64, got one for linux/amd64; --platform=linux/amd64 checks it",
    )
    const own = imageFor("linux/arm64")
    expect(await ofPlatform(arm64, "container", own, "checks it")).toBe(own)
  })
})
