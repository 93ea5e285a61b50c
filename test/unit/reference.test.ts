import { describe, expect, test } from "vitest"
import { provenance } from "../../src/core/attest/provenance.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { formatReference, parseReference } from "../../src/core/registry/reference.ts"
import { farm, pins } from "../support/catalog.ts"

const DIGEST = `sha256:${"0".repeat(64)}`

describe("an image reference", () => {
  test.each([
    ["debian:bookworm-slim", "docker.io/library/debian:bookworm-slim"],
    ["debian", "docker.io/library/debian"],
    ["kalilinux/kali-rolling:latest", "docker.io/kalilinux/kali-rolling:latest"],
    ["docker.io/debian:sid", "docker.io/library/debian:sid"],
    ["quay.io/centos/centos:stream9", "quay.io/centos/centos:stream9"],
    ["quay.io/centos", "quay.io/centos"],
    ["localhost/a", "localhost/a"],
    ["registry:5000/a/b:v1.0.0", "registry:5000/a/b:v1.0.0"],
    ["registry:5000/a", "registry:5000/a"],
    ["127.0.0.1:5000/a:1", "127.0.0.1:5000/a:1"],
    ["[::1]:5000/a:1", "[::1]:5000/a:1"],
    [`ghcr.io/a/b:c@${DIGEST}`, `ghcr.io/a/b:c@${DIGEST}`],
    [`a__b/c-d.e@${DIGEST}`, `docker.io/a__b/c-d.e@${DIGEST}`],
  ])("%s is %s", (text, whole) => {
    const parsed = parseReference(text)
    expect(parsed && formatReference(parsed)).toBe(whole)
  })

  test.each([
    "",
    "A",
    "a:",
    ":a",
    "a b",
    "a/",
    "/a",
    "a//b",
    "a:b c",
    "registry/A:b",
    "a@sha256:00",
    "a.b/",
    "-a",
    "a:b:c",
    "-.com/a",
    `${"a".repeat(256)}`,
  ])("%j is none", (text) => expect(parseReference(text)).toBe(undefined))
})

describe("a base of another registry", () => {
  const from = (base: string) => {
    const catalog = farm({ "mine/distro.json": { name: "mine", extends: "bookworm", title: "Mine", base } })
    return plan(catalog, pins(), { distro: "mine", profile: "kvdi", platform: "linux/amd64" })
  }
  const circumstances = {
    farm: "https://farm",
    ref: "main",
    commit: "c0",
    version: "1",
    unpinned: false,
    engine: "v0",
    started: "then",
    finished: "now",
  }

  test.each([
    ["debian:bookworm-slim", "docker.io/library/debian:bookworm-slim", "pkg:docker/debian@bookworm-slim"],
    ["kalilinux/kali-rolling:latest", "docker.io/kalilinux/kali-rolling:latest", "pkg:docker/kalilinux/kali-rolling@latest"],
    ["quay.io/centos/centos:stream9", "quay.io/centos/centos:stream9", "pkg:docker/centos/centos@stream9?repository_url=quay.io"],
    ["registry:5000/debian:mine", "registry:5000/debian:mine", "pkg:docker/debian@mine?repository_url=registry:5000"],
  ])("%s is called %s in labels and %s in provenance", (base, name, purl) => {
    const wanted = from(base)
    expect(wanted.labels["org.opencontainers.image.base.name"]).toBe(name)
    const { buildDefinition } = JSON.parse(provenance(wanted, circumstances))
    expect(decodeURIComponent(buildDefinition.resolvedDependencies[1].uri)).toBe(purl)
  })

  test.each(["debian", "Debian:sid", `debian:sid@${DIGEST}`, "quay.io:x/debian:sid", "debian:sid "])("%j is refused", (base) => {
    expect(() => from(base)).toThrow(
      /^distros\/mine\/distro\.json: base: expected an image with its tag, such as NAME:TAG or HOST:PORT\/NAME:TAG, got /,
    )
  })
})
