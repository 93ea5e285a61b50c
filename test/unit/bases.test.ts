import { describe, expect, test } from "vitest"
import { basesFor, foreignFor, manifestOf, suiteOf } from "../../dagger/engine/bases.mjs"

const bases: Record<string, string> = {
  bookworm: "debian:bookworm-slim",
  sid: "debian:sid-slim",
  trixie: "debian:trixie-slim",
  "rocky-9": "rockylinux:9",
}
const words = (line: string) => line.split(" ").filter(Boolean)
const from = {
  farm: "/farm",
  baseOf: (folders: string[], name: string) => (name === "mine" && folders[0] === "more" ? "debian:jessie" : bases[name]),
  namesIn: () => Object.keys(bases),
}
const needed = (line: string, arch = "amd64") => basesFor(words(line), { arch, ...from }).map((base) => `${base.suite}/${base.arch}`)

describe("the bases that a call needs", () => {
  test.each([
    ["call distros", ["trixie/amd64"]],
    ["check", ["trixie/amd64"]],
    ["call build --distro=bookworm", ["trixie/amd64", "bookworm/amd64"]],
    ["call build --distro bookworm", ["trixie/amd64", "bookworm/amd64"]],
    ["call build --distro=bookworm,sid", ["trixie/amd64", "bookworm/amd64", "sid/amd64"]],
    ["call build --distro=trixie", ["trixie/amd64"]],
    ["call --distros=more build --distro=mine", ["trixie/amd64", "jessie/amd64"]],
    ["call --distros more build --distro mine", ["trixie/amd64", "jessie/amd64"]],
    ["call release --ref=v1", ["trixie/amd64", "bookworm/amd64", "sid/amd64"]],
    ["call build --distro=bookworm --platform=linux/arm64", ["trixie/amd64", "trixie/arm64", "bookworm/amd64", "bookworm/arm64"]],
  ])("%s", (line, expected) => expect(needed(line)).toEqual(expected))

  test.each(["", "version", "functions", "--help", "call build --help"])("none for '%s'", (line) => expect(needed(line)).toEqual([]))

  test.each(["nope", "rocky-9", "../../etc"])("no more than the tools' for --distro=%s", (name) =>
    expect(needed(`call build --distro=${name}`)).toEqual(["trixie/amd64"]),
  )

  test("an arm64 machine needs its own architecture once", () =>
    expect(needed("call build --platform=linux/arm64", "arm64")).toEqual(["trixie/arm64"]))
})

describe("the bases that a call is built on and that can't be made here", () => {
  const ROCKY = [{ distro: "rocky-9", base: "rockylinux:9" }]
  test.each([
    "call build --distro=rocky-9",
    "call smoke --distro bookworm,rocky-9 summary",
    "call image --distro=rocky-9 size",
    "call component --name=xorg --distro=rocky-9 entries",
    "call release --ref=v1",
  ])("%s", (line) => expect(foreignFor(words(line), from)).toEqual(ROCKY))

  test.each([
    "call build --distro=bookworm",
    "call build --distro=nope",
    "call plan --distro=rocky-9",
    "call image --distro=rocky-9 plan",
    "call component --name=s6 --distro=rocky-9 entries",
    "call distros",
    "call build --distro=rocky-9 --help",
    "",
  ])("none for '%s'", (line) => expect(foreignFor(words(line), from)).toEqual([]))
})

test.each([
  ["rockylinux/rockylinux:9", "http://here:5000/v2/rockylinux/rockylinux/manifests/9"],
  ["almalinux:9", "http://here:5000/v2/library/almalinux/manifests/9"],
  ["almalinux", "http://here:5000/v2/library/almalinux/manifests/latest"],
])("a registry has %s at %s", (image, address) => expect(manifestOf(image, "here:5000")).toBe(address))

test.each([
  ["debian:bookworm", "bookworm"],
  ["debian:bookworm-slim", "bookworm"],
  [`debian:sid-slim@sha256:${"0".repeat(64)}`, "sid"],
  ["debian:latest", undefined],
  ["debian:bookworm-20250520-slim", undefined],
  ["example.org/debian:bookworm", undefined],
  ["ubuntu:noble", undefined],
  [undefined, undefined],
  [7, undefined],
])("the suite of %s is %s", (base, suite) => expect(suiteOf(base)).toBe(suite))
