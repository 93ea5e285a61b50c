import { cpSync, createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { stringify } from "yaml"
import { ROOT, room } from "../farm.ts"
import { type Served, serveHttp } from "./served.ts"
import type { SigningKey } from "./signing.ts"

/** The family whose commands are rehearsed. */
export const FAMILY = "rhel"

/** This machine's architecture in rpm's words. */
export const ARCH = process.arch === "arm64" ? "aarch64" : "x86_64"

/** A package to pack: its header's further lines and its scriptlets as a spec has them. */
export interface Pack {
  name: string
  version?: string
  release?: string
  /** A folder of files as they lie below /. */
  files?: string
  header?: string[]
  scriptlets?: string[]
  /** Lines of %files beside what the folder has, each with the text that the file gets. */
  marked?: Record<string, string>
  isUnsigned?: boolean
  /** Whose signature it has instead of the archive's. */
  by?: SigningKey
}

const VERSION = "1.0"
const RELEASE = "1.el9"

/** Packs a package into a folder and signs it: its file's name. */
export async function pack(wanted: Pack, repository: string, archive: SigningKey): Promise<string> {
  const { by: key = archive, name, version = VERSION, release = RELEASE, files, marked = {} } = wanted
  const top = room()
  const root = join(top, "root")
  if (files) cpSync(files, root, { recursive: true, verbatimSymlinks: true })
  for (const [line, text] of Object.entries(marked)) {
    const path = join(root, line.split(" ").at(-1) as string)
    mkdirSync(join(path, ".."), { recursive: true })
    writeFileSync(path, text)
  }
  mkdirSync(root, { recursive: true })
  const owned = filesBelow(root).filter((path) => !Object.keys(marked).some((line) => line.endsWith(path)))
  const spec = [
    `Name: ${name}`,
    `Version: ${version}`,
    `Release: ${release}`,
    "Summary: Packed for a rehearsal",
    "License: Apache-2.0",
    "AutoReqProv: no",
    ...(wanted.header ?? []),
    "%global debug_package %{nil}",
    "%global __os_install_post %{nil}",
    "%define _build_id_links none",
    "%description",
    "Packed for a rehearsal.",
    "%install",
    "mkdir -p %{buildroot}",
    `cp -a ${root}/. %{buildroot}`,
    ...(wanted.scriptlets ?? []),
    "%files",
    ...owned.map((path) => `"${path}"`),
    ...Object.keys(marked),
  ]
  writeFileSync(join(top, "package.spec"), `${spec.join("\n")}\n`)
  await execa("rpmbuild", ["-bb", "--define", `_topdir ${top}`, "--define", `_rpmdir ${top}/out`, join(top, "package.spec")])
  const [packed] = filesBelow(join(top, "out"))
  const target = join(repository, (packed as string).split("/").at(-1) as string)
  cpSync(join(top, "out", packed as string), target)
  if (!wanted.isUnsigned) {
    const define = (macro: string) => ["--define", macro]
    await execa("rpmsign", [
      ...["__gpg /usr/bin/gpg", `_gpg_path ${key.home}`, `_gpg_name ${key.fingerprint}`].flatMap(define),
      "--addsign",
      target,
    ])
  }
  return target
}

const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort()

/** A stream of a module, with the packages that are in it. */
export function stream(module: string, name: string, packages: string[]) {
  return stringify({
    document: "modulemd",
    version: 2,
    data: {
      name: module,
      stream: name,
      version: 1,
      context: "deadbeef",
      arch: ARCH,
      summary: module,
      description: module,
      license: { module: ["MIT"] },
      dependencies: [{ requires: { platform: ["el9"] } }],
      profiles: { common: { rpms: [module] } },
      artifacts: { rpms: packages },
    },
  })
}

/** Makes a folder of packages a repository, with the streams of modules that it has. */
export async function index(repository: string, streams: string[]): Promise<void> {
  await execa("createrepo_c", ["--quiet", repository])
  if (!streams.length) return
  const modules = join(room(), "modules.yaml")
  writeFileSync(modules, streams.map((text) => `---\n${text}...\n`).join(""))
  await execa("modifyrepo_c", ["--mdtype=modules", modules, join(repository, "repodata")])
}

/** Serves a folder; of what is in `halved`, half of what was promised, and then it hangs up. */
export function serveFiles(folder: string, halved: Set<string>): Promise<Served> {
  return serveHttp((request, response) => {
    const path = join(folder, new URL(request.url ?? "/", "http://x").pathname)
    if (!existsSync(path) || !statSync(path).isFile()) return response.writeHead(404).end()
    const { size } = statSync(path)
    response.writeHead(200, { "Content-Length": size })
    if (request.method === "HEAD") return response.end()
    if (![...halved].some((name) => path.includes(name))) return createReadStream(path).pipe(response)
    return response.write(readFileSync(path).subarray(0, size / 2), () => response.destroy())
  })
}

/** A folder of distros with the family's own commands and settings, and archives and keys of the rehearsal's. */
export function makeFamily(folder: string, name: string, address: string, key: SigningKey): void {
  const own = join(ROOT, "distros/_families", FAMILY)
  const family = JSON.parse(readFileSync(join(own, "family.json"), "utf8"))
  const path = `/etc/pki/rpm-gpg/${name}`
  const keys = [{ path, url: `${address}/${name}.asc`, fingerprint: key.fingerprint }]
  const target = join(folder, "_families", name)
  const repositories = join(target, "archives/etc/yum.repos.d")
  mkdirSync(repositories, { recursive: true })
  cpSync(join(own, "settings"), join(target, "settings"), { recursive: true })
  writeFileSync(join(target, "family.json"), JSON.stringify({ ...family, name, keys, packages: { desktop: [] } }))
  for (const [id, enabled] of [
    ["appstream", 1],
    ["crb", 0],
  ] as const) {
    const lines = [`[${id}]`, `name=${id}`, `baseurl=${address}/${name}/${id}`, `enabled=${enabled}`, "gpgcheck=0", `gpgkey=file://${path}`]
    writeFileSync(join(repositories, `${id}.repo`), `${lines.join("\n")}\n`)
  }
}
