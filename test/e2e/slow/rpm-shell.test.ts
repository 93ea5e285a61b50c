import { cpSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { clean, failures, farm, MIRROR, NO_MIRROR, REGISTRY, ROOT, room, smoke } from "../../support/farm.ts"
import { inSession, stopServers } from "../../support/upstreams/mirror.ts"
import { FAMILY } from "../../support/upstreams/rpm.ts"

/** Debian whose sh is bash, as the RHEL family's is. */
const BASE = `${REGISTRY}/rehearsal:sh`

const distros = room()

describe.skipIf(!MIRROR)(`the RHEL family's shell and its root/, on Debian${MIRROR ? "" : `, ${NO_MIRROR}`}`, () => {
  beforeAll(async () => {
    await inSession()
    await dag.container().from("debian:bookworm-slim").withExec(["ln", "-sf", "bash", "/bin/sh"]).publish(BASE)
    const folder = join(distros, "bashful")
    mkdirSync(folder)
    cpSync(join(ROOT, "distros/_families", FAMILY, "root"), join(folder, "root"), { recursive: true })
    const base = { base: BASE, components: { base: BASE } }
    const packages = { helios: { remove: ["xprintidle"] } }
    writeFileSync(join(folder, "distro.json"), JSON.stringify({ name: "bashful", extends: "bookworm", ...base, packages }))
  })
  afterAll(stopServers)
  afterAll(clean)

  test("components are compiled by it, and the image keeps every promise: WEBRTC=on refuses, idleness is seen without xprintidle", async () => {
    const results = await smoke("bashful", { profile: "helios", before: [`--distros=${distros}`], minutes: 50 })
    expect(failures(results)).toEqual([])
    expect(results.outcomes.filter(({ status }) => status === "passed").length).toBeGreaterThanOrEqual(28)
  })
})

const hub = await fetch("https://registry-1.docker.io/v2/", { signal: AbortSignal.timeout(5000) }).catch(() => undefined)

test.skipIf(hub)(
  `a base that is nowhere is one line before anything is built${hub ? ", skipped: Docker Hub is reached" : ""}`,
  async () => {
    const { exitCode, stderr, stdout } = await farm(["call", "build", "--distro=rocky-9"], 2)
    expect([exitCode, stdout]).toEqual([1, ""])
    expect(stderr).toMatch(
      /^Error: rocky-9: no registry gave its base image rockylinux\/rockylinux:9(@sha256:[0-9a-f]{64})? \(.*\); run it with an engine that /m,
    )
    expect(stderr).not.toMatch(/withExec/)
  },
)
