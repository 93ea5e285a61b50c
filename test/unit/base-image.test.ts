import type { Container } from "@dagger.io/dagger"
import { describe, expect, test, vi } from "vitest"
import { plan } from "../../src/core/plan/plan.ts"
import { bases } from "../../src/core/sources/bases.ts"
import { baseImage } from "../../src/stages/packages.ts"
import { pullBase } from "../../src/verbs/build/base.ts"
import type { Farm } from "../../src/verbs/farm.ts"
import { tool, trustTool } from "../../src/verbs/toolbox.ts"
import { farm, pins } from "../support/catalog.ts"

vi.mock("@dagger.io/dagger", () => ({ dag: { defaultPlatform: async () => "linux/amd64" } }))
vi.mock("../../src/stages/packages.ts", () => ({ baseImage: vi.fn(), packages: vi.fn() }))
vi.mock("../../src/verbs/toolbox.ts", async (original) => ({ ...(await original<object>()), tool: vi.fn() }))

const IMAGE = "debian:bookworm-slim"
const digest = `sha256:${"1".repeat(64)}`
const wanted = (platform = "linux/amd64") => plan(farm(), pins(), { distro: "bookworm", profile: "kvdi", platform })
const given = (file: Record<string, string>) => ({ lock: { ...pins().lock, bases: bases(JSON.stringify(file), [IMAGE]) } }) as Farm
const pulls = (sync: () => Promise<unknown>) => vi.mocked(baseImage).mockReturnValue({ sync } as unknown as Container)

/** A container whose shell is a program for the processor that an ELF file's bytes 18 and 19 name. */
function runsOn(machine: string) {
  const image = { rootfs: () => ({}) }
  const od = { withMountedDirectory: () => od, withExec: () => od, stdout: async () => ` ${machine}\n` }
  vi.mocked(tool).mockResolvedValue(od as unknown as Container)
  pulls(async () => image)
  return image
}

describe("a base that no registry gives ends a build in one line, which says what to do", () => {
  const not = (reason: string, base: { image: string; digest: string | null }) => {
    pulls(() => Promise.reject(new Error(`${reason} [traceparent:1-2]\nand more`)))
    return pullBase(given({}), wanted(), base)
  }

  test.each([
    `failed to resolve image "docker.io/library/${IMAGE}@${digest}" (platform: "linux/amd64"): ${digest}: not found`,
    `pull image "docker.io/library/${IMAGE}@${digest}": ${digest}: not found`,
  ])("that has another by now: %s", async (said) => {
    await expect(not(said, { image: IMAGE, digest })).rejects.toThrow(
      expect.objectContaining({
        message: `bookworm: no registry gave its base image ${IMAGE}@${digest} (${digest}: not found [traceparent:1-2]); if that registry no longer has this digest, run \`dagger call -y sources update --images\`, or say by --bases what is to be taken`,
      }),
    )
  })

  test.each([
    ["that doesn't answer", "dial tcp: connection refused", digest],
    ["that has no such tag", `docker.io/library/${IMAGE}: not found`, null],
  ])("%s", async (_, reason, pinned) => {
    await expect(not(`pull image "it": ${reason}`, { image: IMAGE, digest: pinned })).rejects.toThrow(
      /^bookworm: no registry gave its base image debian:bookworm-slim\S* \([^\n]+\); run it with an engine that reaches one which has it[^\n]+$/,
    )
  })
})

describe("the farm's own tools that no registry gives end a call in such a line", () => {
  const lost = { catalog: farm(), lock: pins().lock } as Farm
  const advice =
    /it: not found\); if that registry no longer has this digest, run `dagger call -y sources update --images`, or say by --bases[^\n]+$/
  const said = async (asking: () => Promise<unknown>) => {
    pulls(() => Promise.reject(new Error('pull image "it": it: not found')))
    const { message } = await asking().then(
      () => new Error("it was given"),
      (error: Error) => error,
    )
    expect(message).toMatch(advice)
    return message
  }

  test("made of Debian's packages", async () => {
    const actual = await vi.importActual<typeof import("../../src/verbs/toolbox.ts")>("../../src/verbs/toolbox.ts")
    expect(await said(() => actual.tool(lost, "git"))).toMatch(
      /^the farm's own tools: no registry gave their base image debian:trixie-slim@sha256:/,
    )
  })

  test("that are images", async () => {
    expect(await said(() => trustTool(lost, "cosign", {}))).toMatch(
      /^with-tools --cosign isn't given: no registry gave its image ghcr.io\S+@sha256:/,
    )
  })
})

describe("a digest of --bases", () => {
  test.each([
    ["linux/amd64", "3e 00"],
    ["linux/arm64", "b7 00"],
  ])("for %s is taken", async (platform, machine) => {
    const image = runsOn(machine)
    expect(await pullBase(given({ [IMAGE]: digest }), wanted(platform), { image: IMAGE, digest })).toBe(image)
  })

  test.each([
    ["linux/arm64", "linux/amd64", "3e 00"],
    ["linux/amd64", "linux/arm64", "b7 00"],
    ["linux/amd64", "another platform", "28 00"],
  ])("for another platform than %s is refused in one line: for %s", async (platform, got, machine) => {
    runsOn(machine)
    await expect(pullBase(given({ [IMAGE]: digest }), wanted(platform), { image: IMAGE, digest })).rejects.toThrow(
      expect.objectContaining({
        message: `--bases: "${IMAGE}": expected the digest of an index or of an image for ${platform}, got one for ${got}: ${IMAGE}@${digest}`,
      }),
    )
  })

  test("that is the lock's own is an index', of which the engine takes the platform", async () => {
    const image = runsOn("28 00")
    expect(await pullBase(given({ [IMAGE]: "corp:5000/debian:12" }), wanted(), { image: IMAGE, digest })).toBe(image)
  })
})
