import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { basesFor, basesOf, suiteOf } from "../../dagger/engine/bases.mjs"
import { ROOT } from "../support/catalog.ts"

const bases: Record<string, string> = {
  bookworm: "debian:bookworm-slim",
  sid: "debian:sid-slim",
  trixie: "debian:trixie-slim",
  "rocky-9": "rockylinux:9",
}
const needed = (line: string, arch = "amd64") =>
  basesFor(line.split(" ").filter(Boolean), {
    arch,
    farm: "/farm",
    basesOf: (folders, name) => [name === "mine" && folders[0] === "more" ? "debian:jessie" : bases[name]],
    namesIn: () => Object.keys(bases),
  }).map((base) => `${base.suite}/${base.arch}`)

describe("the bases that a call needs", () => {
  test.each([
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

  test.each([
    ...["", "version", "functions", "--help", "call build --help"],
    ...["call distros summary", "call matrix --changed=paths", "call version", "call release --ref=v1 --commit=0 tags"],
    ...["call plan --distro=bookworm --platform=linux/arm64", "call --mirror=git://host image --distro=sid --platform=linux/arm64 plan"],
  ])("none for '%s'", (line) => expect(needed(line)).toEqual([]))

  test.each(["nope", "rocky-9", "../../etc"])("no more than the tools' for --distro=%s", (name) =>
    expect(needed(`call build --distro=${name}`)).toEqual(["trixie/amd64"]),
  )

  test("a value that has a function's name is no function", () =>
    expect(needed("call image --distro plan container")).toEqual(["trixie/amd64"]))

  test("an arm64 machine needs its own architecture once", () =>
    expect(needed("call build --platform=linux/arm64", "arm64")).toEqual(["trixie/arm64"]))
})

describe("the bases of a distro: its own and what its components are compiled on", () => {
  const distros = join(ROOT, "distros")

  test.each([
    ["bookworm", ["debian:bookworm-slim", "debian:bookworm-slim"]],
    ["trixie", ["debian:trixie-slim", "debian:bookworm-slim"]],
    ["noble", ["ubuntu:24.04", "debian:bookworm-slim"]],
    ["jammy", ["ubuntu:22.04", "ubuntu:22.04"]],
    ["nope", [undefined, undefined]],
    ["../bookworm", [undefined, undefined]],
  ])("%s", (name, expected) => expect(basesOf([distros], name)).toEqual(expected))

  test("one of another folder has those of what it extends", () =>
    expect(basesOf([join(ROOT, "test/fixtures/good"), distros], "mine")).toEqual(["debian:bookworm-slim", "debian:bookworm-slim"]))

  test("one that extends itself ends", () =>
    expect(basesOf([join(ROOT, "test/fixtures/bad-cycle"), distros], "mine")).toEqual([undefined, undefined]))
})

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
