import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { execa } from "execa"
import { describe, expect, test } from "vitest"
import { imagesFor } from "../../dagger/engine/bases.mjs"
import { provenance } from "../../src/core/attest/provenance.ts"
import { type Pins, plan } from "../../src/core/plan/plan.ts"
import { assertPinned, basesOf } from "../../src/core/release/pinned.ts"
import { datePlan, planRelease, selectTargets } from "../../src/core/release/targets.ts"
import { bases, byTag, referenceOf } from "../../src/core/sources/bases.ts"
import { baseOf } from "../../src/core/sources/lock.ts"
import { farm, pins, ROOT } from "../support/catalog.ts"
import { room } from "../support/farm.ts"

type TextOf = (images: unknown[], digest: (image: string) => Promise<string | undefined>) => Promise<string | undefined>
const { textOf } = (await import(join(ROOT, "dagger/engine/pins.mjs"))) as { textOf: TextOf }

const [digest, other] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string]
const IMAGE = "debian:bookworm-slim"
const made = { farm: "https://farm", ref: "main", commit: "c0", version: "1", engine: "v0", started: "then", finished: "now" }

/** The farm's pins, with a digest of the lock's for bookworm's base, and what a file says in its place. */
function pinned(given: Record<string, string> = {}): Pins {
  const { lock, patches } = pins()
  const images = new Map([...lock.images, [IMAGE, digest] as const])
  return { patches, lock: { ...lock, images, bases: bases(JSON.stringify(given), images.keys()) } }
}
const request = { distro: "bookworm", profile: "kvdi", platform: "linux/amd64" }

describe("an image in another's place", () => {
  test.each([
    [undefined, `${IMAGE}@${digest}`, "docker.io/library/debian:bookworm-slim", digest],
    [other, `${IMAGE}@${other}`, "docker.io/library/debian:bookworm-slim", other],
    ["corp:5000/debian:12", `corp:5000/debian:12@${digest}`, "corp:5000/debian:12", digest],
    [`corp:5000/debian:12@${other}`, `corp:5000/debian:12@${other}`, "corp:5000/debian:12", other],
    [`corp.example/debian@${other}`, `corp.example/debian@${other}`, "corp.example/debian", other],
  ])("%s is taken as %s, and named so in labels and provenance", (given, reference, name, at) => {
    const wanted = plan(farm(), pinned(given ? { [IMAGE]: given } : {}), request)
    expect(referenceOf(wanted.base)).toBe(reference)
    expect(wanted.labels).toMatchObject({
      "org.opencontainers.image.base.name": name,
      "org.opencontainers.image.base.digest": at,
    })
    const [, base] = JSON.parse(provenance(wanted, { ...made, unpinned: false })).buildDefinition.resolvedDependencies
    expect(base.digest).toEqual({ sha256: at.replace("sha256:", "") })
    expect(decodeURIComponent(base.uri)).toContain(name.includes("corp") ? name.split("/")[0] : "debian@bookworm-slim")
  })

  test.each([
    ["no JSON", "{", /^--bases: expected JSON/],
    ["a list", "[]", /^--bases: /],
    [
      "an image that nobody asks for",
      `{"debian:potato": "${digest}"}`,
      /^--bases: "debian:potato": no image of that name is asked for; expected one of /,
    ],
    [
      "half a digest",
      `{"${IMAGE}": "sha256:abc"}`,
      /^--bases: .*debian:bookworm-slim.*expected sha256: with 64 hexadecimal digits, or the address/,
    ],
    ["an address without tag and digest", `{"${IMAGE}": "corp:5000/debian"}`, /expected sha256: with 64 hexadecimal digits/],
    ["a number", `{"${IMAGE}": 1}`, /^--bases: /],
  ])("but not by %s: one line", (_, text, says) => {
    const line = () => bases(text, pins().lock.images.keys())
    expect(line).toThrow(says)
    expect(line).not.toThrow(/\n/)
  })

  test("is one by its tag alone where an engine has its own of a repository's", () => {
    const { lock } = pinned()
    const stood = { ...lock, bases: byTag(["debian", ""], lock.images.keys()) }
    expect(baseOf(stood, IMAGE)).toEqual({ image: IMAGE, digest: null })
    expect([...stood.bases.keys()].every((image) => image.startsWith("debian:"))).toBe(true)
  })
})

describe("a release", () => {
  const asked = { ref: "refs/heads/main", commit: "0".repeat(40), repository: "registry.test/path" }
  const all = planRelease(farm(), asked)
  const of = (distro: string) =>
    datePlan({ ...all, targets: selectTargets(all.targets, { distro: [distro], profile: [], init: [] }) }, "2026-11-29T00:00:00Z")
  const used = (distro: string) => basesOf({ catalog: farm(), ...pinned() }, of(distro))

  test("is made on its distros' bases and on what their components are compiled on", () => {
    expect(new Set(used("bookworm").map(({ image }) => image))).toEqual(new Set([IMAGE]))
    expect(new Set(used("trixie").map(({ image }) => image))).toEqual(new Set([IMAGE, "debian:trixie-slim"]))
  })

  test("takes images that have a digest, and no other: one line names them, and what to do", () => {
    expect(() => assertPinned(used("bookworm"))).not.toThrow()
    const open = [...used("bookworm"), { image: "b:1", digest: null }, { image: "a:1", digest: null }, { image: "b:1", digest: null }]
    expect(() => assertPinned(open)).toThrow(
      expect.objectContaining({
        message:
          "sources.lock.json has no digest for a:1, b:1: run `dagger call -y sources update --images` where a registry has it and commit that, give it by --bases, or let it pass by --unpinned, which provenance tells",
      }),
    )
  })

  test("tells by its provenance that it took others as well", () => {
    const told = [true, false].map((unpinned) => {
      const { buildDefinition } = JSON.parse(provenance(plan(farm(), pinned(), request), { ...made, unpinned }))
      return buildDefinition.externalParameters.unpinned
    })
    expect(told).toEqual([true, undefined])
  })
})

describe("what dagger/run hands on of the embedded engine's stand-ins", () => {
  const from = { arch: "amd64", farm: "/farm", basesOf: () => [IMAGE, "ubuntu:24.04"], namesIn: () => [] }
  const known = async (image: string) => (image.includes("bookworm") ? digest : other)

  test("is the digest of each that the call takes, and always the same text", async () => {
    const images = imagesFor(["call", "build", "--distro=bookworm"], from)
    const text = (await textOf(images, known)) as string
    expect(JSON.parse(text)).toEqual({ [IMAGE]: digest, "debian:trixie-slim": other })
    expect(await textOf([...images].reverse(), known)).toBe(text)
    expect([...bases(text, pins().lock.images.keys()).keys()]).toEqual([IMAGE, "debian:trixie-slim"])
  })

  // Who doesn't read the answer's end waits ten seconds for it, at every call.
  test("is asked of its registry, and known as soon as that has answered", { timeout: 8000 }, async () => {
    const registry = createServer((_, answer) => answer.setHeader("docker-content-digest", digest).end())
    registry.keepAliveTimeout = 60_000
    await new Promise<void>((ready) => registry.listen(0, "127.0.0.1", ready))
    const address = `127.0.0.1:${(registry.address() as AddressInfo).port}`
    const asked = ["amd64", address, room(), "call", "build", "--distro=bookworm"]
    const { stdout } = await execa("node", [join(ROOT, "dagger/engine/pins.mjs"), ROOT, ...asked])
    expect(JSON.parse(readFileSync(stdout, "utf8"))).toEqual({ [IMAGE]: digest, "debian:trixie-slim": digest })
    registry.closeAllConnections()
    registry.close()
  })

  test("is nothing for a call that takes none, or if there is none yet", async () => {
    expect(await textOf(imagesFor(["call", "distros"], from), known)).toBe(undefined)
    expect(await textOf([IMAGE], async () => undefined)).toBe(undefined)
  })
})
