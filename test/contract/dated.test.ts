import { afterAll, describe, expect, test } from "vitest"
import { datedArchives } from "../../src/core/plan/as-of.ts"
import { farm } from "../support/catalog.ts"
import { Root, removeRoots } from "../support/root.ts"

afterAll(removeRoots)

const of = (family: string) => farm().families.get(family) as NonNullable<ReturnType<ReturnType<typeof farm>["families"]["get"]>>
const distro = (name: string) => farm().distros.get(name) as NonNullable<ReturnType<ReturnType<typeof farm>["distros"]["get"]>>

/** The words that the command gets for a distro and a day. */
const words = (name: string, asOf: string) => {
  const found = datedArchives({ asOf, today: "2026-11-29" }, distro(name), of(distro(name).family)) ?? {}
  return Object.entries(found).map(([archive, address]) => `${archive}=${address}`)
}

const debian = `# Debian's own
Types: deb
# a comment with http://deb.debian.org/debian
URIs: http://deb.debian.org/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/of/debian-security/
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`
const SNAPSHOT = "http://snapshot.debian.org/archive"

describe("apt takes archives as they were on a day", () => {
  test("by the files of both kinds, whatever mirror they name, and as they are again afterwards", async () => {
    const list = "deb [signed-by=/x.gpg] http://deb.debian.org/debian/ bookworm main\n"
    const root = new Root("debian", { "etc/apt/sources.list": list, "etc/apt/sources.list.d/debian.sources": debian })
    const before = root.all()
    expect(await root.archives("of-day", ...words("bookworm", "2026-11-01"))).toEqual({ exitCode: 0, stderr: "" })
    expect(root.read("etc/apt/sources.list")).toBe(`deb [signed-by=/x.gpg] ${SNAPSHOT}/debian/20261101T000000Z/ bookworm main\n`)
    expect(root.read("etc/apt/sources.list.d/debian.sources")).toBe(
      debian
        .replace(/^URIs: .*debian$/m, `URIs: ${SNAPSHOT}/debian/20261101T000000Z/`)
        .replace(/^URIs: .*security\/$/m, `URIs: ${SNAPSHOT}/debian-security/20261101T000000Z/`),
    )
    expect(root.read("etc/apt/apt.conf.d/zz-helios-archives")).toBe('Acquire::Check-Valid-Until "false";\n')
    expect(await root.archives("own")).toEqual({ exitCode: 0, stderr: "" })
    expect(root.all()).toEqual(before)
  })

  test.each(["noble", "resolute"])("Ubuntu's, of either processor, from one address: %s", async (name) => {
    const list = "URIs: http://ports.ubuntu.com/ubuntu-ports/ http://archive.ubuntu.com/ubuntu\n"
    const root = new Root("debian", { "etc/apt/sources.list.d/ubuntu.sources": list })
    expect((await root.archives("of-day", ...words(name, "2026-11-01"))).stderr).toBe("")
    const there = "http://snapshot.ubuntu.com/ubuntu/20261101T000000Z/"
    expect(root.read("etc/apt/sources.list.d/ubuntu.sources")).toBe(`URIs: ${there} ${there}\n`)
  })

  test.each(["http://http.kali.org/kali", "https://deb.nodesource.com/node_22.x", "http://example.org/notdebian"])(
    "but not %s, which has none",
    async (address) => {
      const root = new Root("debian", { "etc/apt/sources.list": `deb ${address} it main\n` })
      const { exitCode, stderr } = await root.archives("of-day", ...words("bookworm", "2026-11-01"))
      expect(exitCode).toBe(100)
      expect(stderr).toBe(`E: ${address} has no archive of that date: take another date or none, or name one in distro.json, snapshots`)
    },
  )
})

describe("dnf takes repositories as they were on a day", () => {
  const rocky = `# of Rocky's own
[baseos]
name=Rocky Linux $releasever - BaseOS
mirrorlist=https://mirrors.rockylinux.org/mirrorlist?arch=$basearch&repo=BaseOS-$releasever$rltype
#baseurl=http://dl.rockylinux.org/$contentdir/$releasever/BaseOS/$basearch/os/
gpgcheck=1
enabled=1

[crb]
metalink = https://mirrors.example/metalink
enabled=0

[baseos-debuginfo]
mirrorlist=https://mirrors.rockylinux.org/mirrorlist?debug
enabled=0
`

  test("all that are asked, and as they are again afterwards", async () => {
    const root = new Root("rhel", {
      "etc/yum.repos.d/rocky.repo": rocky,
      "etc/yum.repos.d/epel.repo": "[epel]\nmetalink=https://x\nenabled=1\n",
    })
    const before = root.all()
    expect(await root.archives("of-day", ...words("rocky-9", "2025-07-01"))).toEqual({ exitCode: 0, stderr: "" })
    const vault = "https://dl.rockylinux.org/vault/rocky/9.6"
    expect(root.read("etc/yum.repos.d/rocky.repo")).toBe(
      rocky
        .replace("[baseos]\n", `[baseos]\nbaseurl=${vault}/BaseOS/$basearch/os/\n`)
        .replace("[crb]\n", `[crb]\nbaseurl=${vault}/CRB/$basearch/os/\n`)
        .replace(/^mirrorlist=.*BaseOS.*\n/m, "")
        .replace(/^metalink = .*\n/m, ""),
    )
    expect(root.read("etc/yum.repos.d/epel.repo")).toContain("[epel]\nbaseurl=https://dl.fedoraproject.org/pub/archive/epel/9.6/")
    await root.archives("own")
    expect(root.all()).toEqual(before)
  })

  test("but not an enabled one that has none", async () => {
    const root = new Root("rhel", { "etc/yum.repos.d/own.repo": "[own]\nbaseurl=https://own.example/\n" })
    expect(await root.archives("of-day", ...words("alma-9", "2026-01-01"))).toEqual({
      exitCode: 1,
      stderr: "error: the repository own has no archive of that date: take another date or none, or name one in distro.json, snapshots",
    })
  })
})

describe("pacman takes repositories as they were on a day", () => {
  const conf =
    "[options]\nHoldPkg = pacman glibc\nInclude = /etc/pacman.d/x\n\n[core]\nInclude = /etc/pacman.d/mirrorlist\n\n[extra]\nServer = https://x\n"

  test("all of them, and as they are again afterwards", async () => {
    const root = new Root("arch", { "etc/pacman.conf": conf })
    const before = root.all()
    expect(await root.archives("of-day", ...words("arch", "2026-11-01"))).toEqual({ exitCode: 0, stderr: "" })
    const there = "Server = https://archive.archlinux.org/repos/2026/11/01/$repo/os/$arch"
    expect(root.read("etc/pacman.conf")).toBe(
      conf.replace("[core]\nInclude = /etc/pacman.d/mirrorlist", `[core]\n${there}`).replace("Server = https://x", there),
    )
    await root.archives("own")
    expect(root.all()).toEqual(before)
  })

  test("but not one that has none", async () => {
    const root = new Root("arch", { "etc/pacman.conf": conf, "etc/pacman.d/helios.d/own.conf": "[own]\nServer = https://own.example\n" })
    const { exitCode, stderr } = await root.archives("of-day", ...words("arch", "2026-11-01"))
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^error: the repository own has no archive of that date: /)])
  })
})

test("each family leaves its command out of images, and says how it is called", () => {
  for (const [name, { packageManager }] of farm().families) {
    expect(packageManager.archives, name).toEqual(["/usr/local/lib/helios/archives"])
    expect(packageManager.exclude, name).toContain("usr/local/lib/helios/archives")
  }
})

test("no day lies between two of an archive's addresses", () => {
  for (const { name, family, snapshots } of farm().distros.values()) {
    for (const archive of new Set([...snapshots, ...of(family).snapshots].map((one) => one.archive))) {
      const spans = [...snapshots, ...of(family).snapshots].filter((one) => one.archive === archive && one.until)
      for (const [index, { since = "" }] of spans.slice(1).entries()) {
        const before = new Date(`${spans[index]?.until}T00:00:00Z`).getTime()
        expect(new Date(`${since}T00:00:00Z`).getTime() - before, `${name} ${archive} ${since}`).toBe(86_400_000)
      }
    }
  }
})
