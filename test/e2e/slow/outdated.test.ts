import { mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { clean, need, room } from "../../support/farm.ts"
import { ARCHITECTURES, outdated } from "../../support/upstreams/outdated.ts"

// What the families' programs say where dnf and pacman themselves answer, for both platforms on this machine's; apt does in the contract.

/** What there is of each architecture: late is newer on arm64 alone. */
const versions = (architecture: string): Record<string, [version: string, needs?: string]> => ({
  fresh: ["1"],
  grows: ["2", "fresh"],
  held: ["2"],
  late: [architecture === "aarch64" ? "2" : "1"],
})
const NEWER = { x86_64: ["fresh", "grows"], aarch64: ["fresh", "grows", "late"] }
const INSTALLED = ["grows", "held", "late"]

const real = async (program: string) => (await execa("which", [program])).stdout
const write = (path: string, text: string) => {
  mkdirSync(join(path, ".."), { recursive: true })
  writeFileSync(path, text)
}

afterAll(clean)

describe("dnf", () => {
  const served = room()

  /** Packs an empty package for an architecture into a folder. */
  async function pack(folder: string, name: string, architecture: string, [version, needs]: [string, string?]): Promise<void> {
    const top = room()
    const fields = { Name: name, Version: version, Release: "1", Summary: name, License: "none", ...(needs && { Requires: needs }) }
    const lines = Object.entries(fields).map(([field, value]) => `${field}: ${value}\n`)
    write(join(top, "package.spec"), `${lines.join("")}AutoReqProv: no\n%description\n${name}\n%files\n`)
    const define = ["--define", `_topdir ${top}`, "--define", `_rpmdir ${folder}`, "--define", "_rpmfilename %{NAME}.rpm"]
    await execa("rpmbuild", ["-bb", "--target", architecture, ...define, join(top, "package.spec")])
  }

  beforeAll(async () => {
    await need("dnf", ["dnf"])
    await need("rpmbuild", ["rpm"])
    await need("createrepo_c", ["createrepo-c"])
    for (const [, architecture] of ARCHITECTURES) {
      const folder = join(served, architecture)
      const offers = { ...versions(architecture), torn: ["2", "gone"] as [string, string] }
      for (const [name, offer] of Object.entries(offers)) await pack(folder, name, architecture, offer)
      await execa("createrepo_c", ["--quiet", folder])
    }
  }, 60_000)

  /** A root for dnf on which packages of an architecture are installed. */
  async function rootOf(architecture: string): Promise<string> {
    const [root, old] = [room(), room()]
    for (const name of [...INSTALLED, "torn"]) await pack(old, name, architecture, ["1"])
    write(join(root, "etc/dnf/dnf.conf"), "[main]\nbest=True\nexclude=held\n")
    const repository = (id: string, more = "") => `[${id}]\nname=${id}\nbaseurl=file://${served}/$basearch\ngpgcheck=0\n${more}`
    write(join(root, "etc/yum.repos.d/mine.repo"), `${repository("appstream")}${repository("crb", "enabled=0\n")}`)
    const files = [...INSTALLED, "torn"].map((name) => join(old, `${name}.rpm`))
    const into = ["--root", root, "--install", "--justdb", "--nodeps", "--nosignature", "--ignorearch"]
    await execa("rpm", [...into, "--force-debian", ...files])
    return root
  }

  test.each(ARCHITECTURES)(
    "for %s counts what that platform's index has, without what is excluded or can't be had",
    async (platform, architecture) => {
      const root = await rootOf(architecture)
      const dnf = `exec ${await real("dnf")} --installroot=${root} --releasever=9 --setopt=cachedir=${root}/cache "$@"`
      const { exitCode, packages, stderr } = await outdated("rhel", platform, { dnf })
      expect([exitCode, packages.sort()], stderr).toEqual([0, NEWER[architecture]])
    },
  )
})

describe("pacman", () => {
  beforeAll(async () => {
    await need("pacman", ["pacman-package-manager"])
    await need("bsdtar", ["libarchive-tools"])
  })

  const fields = (all: Record<string, string>) =>
    Object.entries(all)
      .map(([field, value]) => `%${field}%\n${value}\n\n`)
      .join("")

  test.each(ARCHITECTURES)("for %s counts what that platform's index has, without what is ignored", async (platform, architecture) => {
    const root = room()
    const served = join(root, "served", architecture)
    for (const [name, [version, needs]] of Object.entries(versions(architecture))) {
      const about = { FILENAME: `${name}.tar`, NAME: name, VERSION: `${version}-1`, ARCH: architecture, CSIZE: "1", ISIZE: "1" }
      write(join(served, "core", `${name}-${version}-1`, "desc"), fields({ ...about, ...(needs && { DEPENDS: needs }) }))
    }
    await execa("bsdtar", ["-czf", "../core.db", ...readdirSync(join(served, "core"))], { cwd: join(served, "core") })
    const local = join(root, "var/lib/pacman/local")
    for (const name of INSTALLED) {
      write(join(local, `${name}-1-1`, "desc"), fields({ NAME: name, VERSION: "1-1", ARCH: architecture, DESC: name }))
      write(join(local, `${name}-1-1`, "files"), "%FILES%\n")
    }
    write(join(local, "ALPM_DB_VERSION"), "9\n")
    const server = `Server = file://${root}/served/$arch\n`
    write(join(root, "pacman.conf"), `[options]\nSigLevel = Never\nIgnorePkg = held\nArchitecture = auto\n[core]\n${server}`)
    const there = [
      "--root",
      root,
      "--dbpath",
      join(root, "var/lib/pacman"),
      "--gpgdir",
      join(root, "gnupg"),
      "--config",
      join(root, "pacman.conf"),
    ]
    const { exitCode, packages, stderr } = await outdated("arch", platform, {
      pacman: `exec ${await real("pacman")} "$@" ${there.join(" ")}`,
    })
    expect([exitCode, packages.sort()], stderr).toEqual([0, NEWER[architecture]])
  })
})
