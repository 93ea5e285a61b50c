import type { Container, File } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"
import { openSigner } from "../../src/verbs/attest/cosign.ts"
import type { Reachable } from "../../src/verbs/registry/skopeo.ts"

/** A container that only remembers what was called on it. */
function remembering() {
  const calls: unknown[][] = []
  const called =
    (name: string | symbol) =>
    (...args: unknown[]) => {
      calls.push([name, ...args])
      return container
    }
  const container: Container = new Proxy({} as Container, { get: (_, name) => (name === "then" ? undefined : called(name)) })
  return { calls, container }
}

const file = (text: string) => ({ contents: async () => text }) as File
const ROOT = JSON.stringify({
  mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
  certificateAuthorities: [{}],
  tlogs: [{}],
})
const identity = "^https://github\\.com/a/b/"

describe("cosign's container", () => {
  test("has a trust root as a file that its user reads, whatever mode the caller's has", async () => {
    const { calls, container } = remembering()
    const by = { identity, trustedRoot: file(ROOT), oidcIssuer: "https://issuer" }
    const { means } = await openSigner({} as Reachable, async () => container, by, false)
    expect(means).toEqual({ by: "identity", pattern: identity, issuer: "https://issuer", trust: { ctlogs: false, tlogs: true } })
    expect(calls).toContainEqual(["withNewFile", "/run/trusted_root.json", ROOT])
    expect(calls.filter(([name]) => name === "withMountedFile")).toEqual([])
  })

  test("has a public key likewise", async () => {
    const { calls, container } = remembering()
    await openSigner({} as Reachable, async () => container, { publicKey: file("a key") }, false)
    expect(calls).toContainEqual(["withNewFile", "/run/cosign.pub", "a key"])
    expect(calls.filter(([name]) => name === "withMountedFile")).toEqual([])
  })

  test("has none of Sigstore's files where the public one is asked", async () => {
    const { calls, container } = remembering()
    const { means } = await openSigner({} as Reachable, async () => container, { identity }, false)
    expect(means).toEqual({ by: "identity", pattern: identity })
    expect(calls.filter(([name]) => name === "withNewFile")).toEqual([])
  })
})
