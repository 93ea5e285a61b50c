import { createHash } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { clean, need, room } from "../support/farm.ts"
import { ARCHITECTURES, outdated } from "../support/upstreams/outdated.ts"

afterAll(clean)

describe("apt", () => {
  const stanza = (fields: Record<string, string>) =>
    Object.entries({ ...fields, Maintainer: "A <a@example.org>", Description: "x" })
      .map(([field, value]) => `${field}: ${value}\n`)
      .join("")
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")

  /** A root for apt: what its archive has, by name, version and architecture, and what of it is installed. */
  function rootOf(offers: [name: string, version: string, architecture: string, more?: Record<string, string>][], status: string): string {
    const root = room()
    for (const folder of ["etc/apt", "var/lib/dpkg", "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "archive"])
      mkdirSync(join(root, folder), { recursive: true })
    const index = offers.map(([Package, Version, Architecture, more]) =>
      stanza({ Package, Version, Architecture, Filename: `./${Package}.deb`, Size: "1", SHA256: "0".repeat(64), ...more }),
    )
    const packages = index.join("\n")
    const files = {
      "archive/Packages": packages,
      "archive/Release": `SHA256:\n ${sha256(packages)} ${Buffer.byteLength(packages)} Packages\n`,
      "etc/apt/sources.list": `deb [trusted=yes] file:${root}/archive ./\n`,
      "var/lib/dpkg/status": status,
      "apt.conf": `Dir "${root}/";\nDir::State::status "${root}/var/lib/dpkg/status";\nDir::Bin::methods "/usr/lib/apt/methods";\n`,
    }
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text)
    return root
  }

  /** What is asked of apt in that root, as this machine runs it. */
  const ask = async (root: string, platform: string) => {
    const { stdout: program } = await execa("which", ["apt-get"])
    return outdated("debian", platform, { "apt-get": `APT_CONFIG='${root}/apt.conf' exec ${program} "$@"` })
  }
  const installed = (Package: string, Architecture: string, Status = "install ok installed") =>
    `${stanza({ Package, Status, Version: "1", Architecture })}\n`

  beforeAll(() => need("apt-get", ["apt"]))

  test.each([
    ["amd64", "here"],
    ["arm64", "later"],
  ])("for linux/%s says what an upgrade would install there, by that platform's own index", async (architecture, newer) => {
    const root = rootOf(
      [
        ["here", "2", "amd64"],
        ["here", "1", "arm64"],
        ["later", "1", "amd64"],
        ["later", "2", "arm64"],
        ["everywhere", "2", "all"],
      ],
      ["here", "later"].map((name) => installed(name, architecture)).join("") + installed("everywhere", "all"),
    )
    expect(await ask(root, `linux/${architecture}`)).toEqual({
      exitCode: 0,
      packages: ["everywhere", newer].sort(),
      stderr: expect.any(String),
    })
  })

  test("keeps back what is held, and what depends on something that isn't there, which are not among them", async () => {
    const root = rootOf(
      [
        ["held", "2", "arm64"],
        ["torn", "2", "arm64", { Depends: "gone" }],
        ["grows", "2", "arm64", { Depends: "fresh" }],
        ["fresh", "1", "arm64"],
      ],
      installed("held", "arm64", "hold ok installed") + installed("torn", "arm64") + installed("grows", "arm64"),
    )
    expect((await ask(root, "linux/arm64")).packages).toEqual(["fresh", "grows"])
    writeFileSync(join(root, "var/lib/dpkg/status"), installed("held", "arm64", "hold ok installed") + installed("torn", "arm64"))
    expect(await ask(root, "linux/arm64")).toMatchObject({ exitCode: 0, packages: [] })
  })

  test("fails where it can't fetch the index", async () => {
    const root = rootOf([], "")
    writeFileSync(join(root, "etc/apt/sources.list"), `deb file:${root}/nowhere ./\n`)
    expect(await ask(root, "linux/amd64")).toMatchObject({ packages: [], stderr: expect.stringMatching(/^E: .*nowhere/m) })
    expect((await ask(root, "linux/amd64")).exitCode).not.toBe(0)
  })
})

// What dnf 4.14 prints; test/e2e/slow/outdated.test.ts asks dnf and pacman themselves.
const PLANNED = `CentOS Stream 9 - AppStream                     325 kB/s | 1.3 kB     00:00
Dependencies resolved.
===============================================================================================
 Package                                                          Arch     Version
                                                                               Repo        Size
===============================================================================================
Upgrading:
 a-package-with-a-name-that-is-longer-than-dnfs-column-of-names   aarch64  2-1 appstream  5.6 k
 late                                                             aarch64  2-1 appstream  5.4 k
     replacing  early.aarch64 1-1
Installing dependencies:
 fresh                                                            aarch64  1-1 appstream  5.4 k
Skipping packages with broken dependencies:
 torn                                                             aarch64  2-1 appstream  5.4 k

Transaction Summary
===============================================================================================
Install  1 Package
Upgrade  2 Packages
Skip     1 Package
`

describe.each(ARCHITECTURES)("for %s", (platform, architecture) => {
  test("dnf plans an upgrade, and what it would skip isn't told", async () => {
    const dnf = `echo "$*" >&2; cat <<'END'\n${PLANNED}END\necho 'Operation aborted.' >&2; exit 1`
    const { exitCode, packages, stderr } = await outdated("rhel", platform, { dnf })
    expect([exitCode, packages]).toEqual([0, ["a-package-with-a-name-that-is-longer-than-dnfs-column-of-names", "late", "fresh"]])
    expect(stderr).toContain(`--forcearch=${architecture} `)
  })

  test("pacman names what it would install", async () => {
    const { packages } = await outdated("arch", platform, { pacman: `case $* in *-Sy) echo synchronized ;; *) echo "$*" ;; esac` })
    expect(packages).toEqual([`--config /etc/pacman.d/helios.conf --arch ${architecture} --noconfirm -Su --print --print-format %n`])
  })
})

test.each([
  ["nothing to do", "echo 'Dependencies resolved.\nNothing to do.\nComplete!'", { exitCode: 0, packages: [], stderr: "" }],
  [
    "a failure",
    "echo 'Error: Failed to download metadata' >&2; exit 1",
    { exitCode: 1, packages: [], stderr: "Error: Failed to download metadata" },
  ],
])("dnf with %s", async (_, dnf, said) => {
  expect(await outdated("rhel", "linux/amd64", { dnf })).toEqual(said)
})

test("pacman that can't fetch an index, or can't prepare what it would install, is a failure", async () => {
  for (const which of ["-Sy", "%n"]) {
    const pacman = `case $* in *${which}) echo 'error: no' >&2; exit 1 ;; esac`
    expect(await outdated("arch", "linux/amd64", { pacman })).toEqual({ exitCode: 1, packages: [], stderr: "error: no" })
  }
})
