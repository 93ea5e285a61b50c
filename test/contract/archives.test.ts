import { afterAll, describe, expect, test } from "vitest"
import { Root, removeRoots } from "../support/root.ts"

afterAll(removeRoots)

const HERE = "https://registry.example/artifactory"

describe("apt takes archives from elsewhere", () => {
  const files = {
    "etc/apt/sources.list": "deb [signed-by=/x.gpg] http://deb.debian.org/debian/ bookworm main\n",
    "etc/apt/sources.list.d/own.sources": "URIs: http://deb.debian.org/debian-security https://own.example/it\nSuites: it\n",
  }
  const places = [`debian=${HERE}/debian`, `debian-security=${HERE}/security/`, `core=${HERE}/arch`]

  test("those that are named, and from their own again afterwards", async () => {
    const root = new Root("debian", { ...files, "etc/ssl/certs/ca-certificates.crt": "a\n" })
    const before = root.all()
    expect(await root.archives("elsewhere", ...places)).toEqual({ exitCode: 0, stderr: "" })
    expect(root.read("etc/apt/sources.list")).toBe(`deb [signed-by=/x.gpg] ${HERE}/debian bookworm main\n`)
    expect(root.read("etc/apt/sources.list.d/own.sources")).toBe(`URIs: ${HERE}/security/ https://own.example/it\nSuites: it\n`)
    expect(root.read("etc/apt/apt.conf.d/zz-helios-archives")).toBe("")
    expect(await root.archives("own")).toEqual({ exitCode: 0, stderr: "" })
    expect(root.all()).toEqual(before)
  })

  test("whose certificate a base can't know that has none: their signatures are checked as ever", async () => {
    const root = new Root("debian", files)
    const before = root.all()
    await root.archives("elsewhere", ...places, "kali=https://kali.example:8443/kali", "ubuntu=http://plain.example/ubuntu")
    expect(root.read("etc/apt/apt.conf.d/zz-helios-archives")).toBe(
      'Acquire::https::kali.example::Verify-Peer "false";\nAcquire::https::registry.example::Verify-Peer "false";\n',
    )
    await root.archives("own")
    expect(root.all()).toEqual(before)
  })
})

test("dnf takes repositories from elsewhere, those that are named, and from their own again afterwards", async () => {
  const root = new Root("rhel", {
    "etc/yum.repos.d/rocky.repo": "[baseos]\nmirrorlist=https://x\ngpgcheck=1\nenabled=1\n\n[own]\nbaseurl=https://own.example/\n",
    "etc/yum.repos.d/epel.repo": "[epel]\nmetalink=https://x\nenabled=1\ngpgkey=file:///etc/x\n",
  })
  const before = root.all()
  const places = [`baseos=${HERE}/rocky/BaseOS/$basearch/os/`, `epel=${HERE}/epel/$basearch/`]
  expect(await root.archives("elsewhere", ...places)).toEqual({ exitCode: 0, stderr: "" })
  expect(root.read("etc/yum.repos.d/rocky.repo")).toBe(
    `[baseos]\nbaseurl=${HERE}/rocky/BaseOS/$basearch/os/\ngpgcheck=1\nenabled=1\n\n[own]\nbaseurl=https://own.example/\n`,
  )
  expect(root.read("etc/yum.repos.d/epel.repo")).toBe(`[epel]\nbaseurl=${HERE}/epel/$basearch/\nenabled=1\ngpgkey=file:///etc/x\n`)
  await root.archives("own")
  expect(root.all()).toEqual(before)
})

test("pacman takes repositories from elsewhere, those that are named, and from their own again afterwards", async () => {
  const conf = "[options]\nInclude = /etc/pacman.d/x\n\n[core]\nInclude = /etc/pacman.d/mirrorlist\n\n[own]\nServer = https://own.example\n"
  const root = new Root("arch", { "etc/pacman.conf": conf })
  const before = root.all()
  expect(await root.archives("elsewhere", `core=${HERE}/arch/$repo/os/$arch`)).toEqual({ exitCode: 0, stderr: "" })
  expect(root.read("etc/pacman.conf")).toBe(conf.replace("Include = /etc/pacman.d/mirrorlist", `Server = ${HERE}/arch/$repo/os/$arch`))
  await root.archives("own")
  expect(root.all()).toEqual(before)
})
