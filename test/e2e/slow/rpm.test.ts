import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { call, clean, farm, MIRROR, NO_MIRROR, need, REGISTRY, room } from "../../support/farm.ts"
import { inSession, stopServers } from "../../support/upstreams/mirror.ts"
import { ARCH, index, makeFamily, type Pack, pack, serveFiles, stream } from "../../support/upstreams/rpm.ts"
import { endAgents, makeKey, type SigningKey } from "../../support/upstreams/signing.ts"

/** Debian with dnf; its platform is what modules are made for. */
const BASE = `${REGISTRY}/rehearsal:dnf`

const distros = room()
const served = room()
const halved = new Set<string>()
let close = () => {}
let address: string
let key: SigningKey
let expired: SigningKey

/** The farm's own components, and what stands for the rest of a distro. */
const packages = (components: Record<string, string>): Pack[] => [
  { name: "filesystem", header: ["Provides: /bin/sh", "Provides: /sbin/ldconfig"] },
  { name: "s6-overlay", files: components.s6, header: ["Requires: filesystem"] },
  {
    name: "kasmvnc-server",
    files: components.xorg,
    header: ["Requires: VirtualGL", "Requires(pre): filesystem", "Recommends: wanted-by-some"],
    scriptlets: ["%pre", "useradd --system kasmvnc", "%post", "id --name --user kasmvnc >/var/kasmvnc-user"],
    marked: { "%doc /usr/share/doc/kasmvnc/README": "read me\n", "%license /usr/share/licenses/kasmvnc/LICENCE": "as you like\n" },
  },
  { name: "VirtualGL", files: components.virtualgl, scriptlets: ["%post -p /sbin/ldconfig"], header: ["Requires: /sbin/ldconfig"] },
  { name: "wanted-by-some", header: ["BuildArch: noarch"] },
  { name: "of-the-base" },
  { name: "nodejs", version: "16.20.2" },
  { name: "nodejs", version: "20.1.0", release: "1.module_el9" },
  { name: "nodejs", version: "22.1.0", release: "1.module_el9" },
  { name: "nodejs", version: "24.1.0", release: "1.module_el9" },
  { name: "unsigned", isUnsigned: true },
  { name: "unwilling", header: ["Requires(pre): filesystem"], scriptlets: ["%pre", "echo no >&2; exit 3"] },
  { name: "lonely", header: ["Requires: nobody"] },
  { name: "half", marked: { "/usr/share/half": "x".repeat(100_000) } },
]

const nodejs = (major: string) => stream("nodejs", major, [`nodejs-0:${major}.1.0-1.module_el9.${ARCH}`])

/** Puts packages into an archive of two repositories, of which the family's commands enable the second. */
async function publish(name: string, packed: Pack[], streams: string[]): Promise<void> {
  const [appstream, crb] = ["appstream", "crb"].map((id) => join(served, name, id)) as [string, string]
  for (const folder of [appstream, crb]) mkdirSync(folder, { recursive: true })
  for (const wanted of packed) await pack(wanted, appstream, key)
  await pack({ name: "builder-only" }, crb, key)
  await index(appstream, streams.map(nodejs))
  await index(crb, [])
  writeFileSync(join(served, `${name}.asc`), `${await key.armored()}\n`)
}

/** A distro of the rehearsal's: packages, and keys that are checked as well. */
function distro(name: string, family: string, add: string[], keys: object[] = []): void {
  mkdirSync(join(distros, name), { recursive: true })
  const profiles = { kvdi: { inits: ["supervisord"], budget: 9999 } }
  const packages = { desktop: { add } }
  writeFileSync(
    join(distros, name, "distro.json"),
    JSON.stringify({ name, title: name, family, base: BASE, eol: null, profiles, packages, keys }),
  )
}

const of = (name: string) => [`--distro=${name}`, "--profile=kvdi"]

/** The one line in which a build ends, behind what it is about. */
async function refusal(name: string, about = `the packages of ${name} could not be installed`, never = /^$/): Promise<string> {
  const { exitCode, stderr } = await farm(["call", `--distros=${distros}`, "stage", "--name=packages", ...of(name), "entries"], 10)
  expect(exitCode, stderr.slice(-2000)).toBe(1)
  expect(stderr).not.toMatch(never)
  const line = stderr.trim().split("\n").at(-1) ?? ""
  const [before, said = ""] = line.replace(/ ?\[traceparent:[0-9a-f-]+\]/g, "").split(`${name}: ${about}: `)
  expect(before).toBe("Error: ")
  return said
}

const built = (name: string, ...more: string[]) => call([`--distros=${distros}`, "image", ...of(name), ...more], 15)

describe.skipIf(!MIRROR)(`the RHEL family's path, by its own commands${MIRROR ? "" : `, ${NO_MIRROR}`}`, () => {
  beforeAll(async () => {
    await need("rpmbuild", ["rpm"])
    await need("createrepo_c", ["createrepo-c"])
    await inSession()
    ;[key, expired] = await Promise.all([makeKey(), makeKey({ isExpired: true })])
    const older = dag.host().file(await pack({ name: "of-the-base", version: "0.9" }, room(), key))
    await dag
      .container()
      .from("debian:bookworm-slim")
      .withExec(["apt-get", "update"])
      .withExec(["apt-get", "install", "--yes", "--no-install-recommends", "dnf", "rpm"])
      .withExec(["sh", "-c", `echo 'PLATFORM_ID="platform:el9"' >>/etc/os-release`])
      .withNewFile("/etc/dnf/vars/releasever", "9\n")
      .withMountedDirectory("/mnt", dag.directory().withFile("older.rpm", older))
      .withExec(["rpm", "--install", "--nosignature", "/mnt/older.rpm"])
      .publish(BASE)
    const components: Record<string, string> = {}
    for (const name of ["s6", "virtualgl", "xorg"]) {
      components[name] = join(room(), name)
      await call([`--mirror=${MIRROR}`, "stage", `--name=${name}`, "--distro=bookworm", "export", `--path=${components[name]}`], 30)
    }
    writeFileSync(join(served, "expired.asc"), `${await expired.armored()}\n`)
    ;({ address, close } = await serveFiles(served, halved))
    const strange = { name: "strange", by: await makeKey() }
    await publish("archive", [...packages(components), strange], ["20", "22", "24"])
    await publish("older", packages({}).slice(0, 1), ["20"])
    for (const name of ["archive", "older"]) makeFamily(distros, name, address, key)
  })
  afterAll(() => close())
  afterAll(endAgents)
  afterAll(stopServers)
  afterAll(clean)

  test("packages come from both repositories and the module's stream, each signed, without what they only recommend; the base's are upgraded", async () => {
    distro("whole", "archive", ["builder-only", "kasmvnc-server", "nodejs", "s6-overlay"])
    const lines = (await built("whole", "packages")).split("\n")
    expect(lines.filter((line) => line.startsWith("gpg-pubkey"))).toHaveLength(1)
    expect(lines.filter((line) => !line.startsWith("gpg-pubkey")).sort()).toEqual([
      `VirtualGL 0:1.0-1.el9 ${ARCH}`,
      `builder-only 0:1.0-1.el9 ${ARCH}`,
      `filesystem 0:1.0-1.el9 ${ARCH}`,
      `kasmvnc-server 0:1.0-1.el9 ${ARCH}`,
      `nodejs 0:22.1.0-1.module_el9 ${ARCH}`,
      `of-the-base 0:1.0-1.el9 ${ARCH}`,
      `s6-overlay 0:1.0-1.el9 ${ARCH}`,
    ])
    const kept = await built("whole", "container", "file", "--path=/usr/share/doc/helios/packages.tsv", "contents")
    expect(kept).toMatch(/^nodejs\t0:22\.1\.0-1\.module_el9\t\S+\t[0-9a-f]{64}$/m)
  })

  test("their scriptlets have run, the farm's programs are there, and what an image doesn't need is not", async () => {
    const shell = (...script: string[]) => built("whole", "container", "with-exec", `--args=sh,-c,${script.join("; ")}`, "stdout")
    const said = await shell(
      "cat /var/kasmvnc-user",
      "/command/s6-echo s6",
      "ls /opt/VirtualGL/bin/vglrun /usr/local/bin/Xvnc /usr/share/licenses/kasmvnc",
      "find /usr/share/doc/kasmvnc /var/cache/dnf /var/lib/dnf -type f",
      "rpm --verify --all --nofiles && echo content",
      "rpm --erase --nodeps --noscripts VirtualGL 2>/dev/null && rpm --verify --all --nofiles 2>&1",
      "true",
    )
    expect(said.split("\n")).toEqual([
      "kasmvnc",
      "s6",
      "/opt/VirtualGL/bin/vglrun",
      "/usr/local/bin/Xvnc",
      "",
      "/usr/share/licenses/kasmvnc:",
      "LICENCE",
      "content",
      expect.stringContaining("nsatisfied dependencies for kasmvnc-server"),
      expect.anything(),
    ])
  })

  test.each([
    ["gone", "archive", ["no-such-package"], /^Unable to find a match: no-such-package$/],
    ["unsigned", "archive", ["unsigned"], /^GPG check FAILED \(Package unsigned-1.0-1.el9.\w+.rpm is not signed\)$/],
    ["strange", "archive", ["strange"], /^GPG check FAILED \(Check that the correct key URLs .* package is: strange-1.0-1.el9.\w+ .*\)$/],
    ["unwilling", "archive", ["unwilling"], /^Transaction failed \(Error in PREIN scriptlet in rpm package unwilling\)$/],
    ["lonely", "archive", ["lonely"], /^Problem: conflicting requests - nothing provides nobody needed by lonely-1.0-1.el9/],
    ["without-stream", "older", ["filesystem"], /^Problems in request: missing groups or modules: nodejs:22$/],
  ])("one line says which package can't be had and why: %s", async (name, family, add, says) => {
    distro(name, family, add)
    expect(await refusal(name)).toMatch(says)
  })

  test.each([["half-1.0-1.el9"], ["primary.xml.gz"]])("half a file is refused, and isn't kept: %s", async (file) => {
    const name = file.replace(/[^a-z].*/, "")
    distro(name, "archive", ["half"])
    halved.add(file)
    const said = await refusal(name)
    halved.clear()
    expect(said).toMatch(
      /(Error downloading packages|Failed to download metadata for repo 'appstream'): .*(half-1\.0-1\.el9|primary\.xml\.gz)/,
    )
    expect(await built(name, "container", "with-exec", "--args=stat,--format=%s,/usr/share/half", "stdout")).toBe("100000")
  })

  test.each([
    [
      "another-key",
      () => ({ url: `${address}/archive.asc`, fingerprint: "9".repeat(40) }),
      () => `${"9".repeat(40)}, got ${key.fingerprint}; pin the one that you trust`,
    ],
    [
      "expired-key",
      () => ({ url: `${address}/expired.asc`, fingerprint: expired.fingerprint }),
      () => `${expired.fingerprint}, got it, but it expired on 2020-01-02; ask the archive for the renewed one`,
    ],
  ])("a key that isn't to be trusted is refused before anything is installed: %s", async (name, pin, got) => {
    distro(name, "archive", ["half"], [{ path: "/etc/pki/rpm-gpg/more", ...pin() }])
    expect(await refusal(name, `the key ${pin().url} can't be trusted`, /withExec dnf/)).toBe(`expected the key ${got()}`)
  })
})
