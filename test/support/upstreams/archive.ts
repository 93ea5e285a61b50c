import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import type { ServerResponse } from "node:http"
import { basename, dirname, join } from "node:path"
import { execa } from "execa"
import { farm as catalog } from "../catalog.ts"
import { need, room } from "../farm.ts"
import { type Served, serveHttp } from "./served.ts"
import type { SigningKey } from "./signing.ts"

/** The name of the one package of an archive, and the file that tells a package's version once it is installed. */
export const PACKAGE = "helios-greeting"
export const versionFile = (name = PACKAGE) => `usr/share/${name}/version`

const KEYRING = "/etc/apt/keyrings/mine.asc"

/** Answers a request for a file in place of the archive. */
export type Answer = (response: ServerResponse, file: Buffer) => void

/** An archive of packages that hold nothing but their version, signed and served over http, and what it was on earlier days. */
export class Archive {
  readonly folder = room()
  private readonly past = new Map<string, string>()
  /** What is answered otherwise, by the file's name. */
  readonly answers = new Map<string, Answer>()
  private served?: Served

  private file(path: string): Buffer | undefined {
    const folder = path.includes("/") ? this.past.get(dirname(path)) : this.folder
    const found = folder && join(folder, basename(path))
    return found && existsSync(found) ? readFileSync(found) : undefined
  }

  /** Keeps what is published now as what it was on a day, below an address of that day's. */
  keep(day: string): void {
    this.past.set(day, room())
    cpSync(this.folder, this.past.get(day) as string, { recursive: true })
  }

  /** Serves it, with the programs at hand that make it. */
  async listen(): Promise<void> {
    await need("apt-ftparchive", ["apt-utils"])
    await need("dpkg-deb", ["dpkg"])
    this.served = await serveHttp((request, response) => {
      const path = (request.url ?? "").replaceAll("/./", "/").replace(/^[./]*/, "")
      const file = this.file(path)
      const name = basename(path)
      const answer = this.answers.get(name.endsWith(".deb") ? "deb" : name)
      if (answer) answer(response, file ?? Buffer.alloc(0))
      else if (file) response.end(file)
      else response.writeHead(404).end()
    })
  }

  close(): void {
    this.served?.close()
  }

  get url(): string {
    return (this.served as Served).address
  }

  /** The archive with packages of a version in it, or with none, signed by a key; its index counts until a day, or for ever. */
  async publish(key: SigningKey, version?: string, names = [PACKAGE], until?: Date): Promise<void> {
    for (const name of readdirSync(this.folder)) rmSync(join(this.folder, name))
    if (version) await Promise.all(names.map((name) => pack(this.folder, { Package: name, Version: version })))
    await this.index(key, until)
  }

  /** Adds a version of its package beside those that it has, with fields of its own. */
  async add(key: SigningKey, version: string, fields: Record<string, string>): Promise<void> {
    await pack(this.folder, { Package: PACKAGE, Version: version, ...fields })
    await this.index(key)
  }

  private async index(key: SigningKey, until?: Date): Promise<void> {
    const options = { cwd: this.folder }
    writeFileSync(join(this.folder, "Packages"), (await execa("apt-ftparchive", ["packages", "."], options)).stdout)
    const { stdout: release } = await execa("apt-ftparchive", ["release", "."], options)
    const lasts = until ? `Valid-Until: ${until.toUTCString().replace("GMT", "UTC")}\n` : ""
    writeFileSync(join(this.folder, "InRelease"), await key.sign(`${lasts}${release}\n`))
    writeFileSync(join(this.folder, "key.asc"), await key.armored())
  }
}

let count = 0

/**
 * A folder of distros with one on Debian that takes a package from the archive, and nothing else, as that goes fast. What the engine made
 * for another folder is never taken for it.
 */
export function distroWith(name: string, archive: Archive, fingerprint: string, rest: object = {}): string {
  const folder = room()
  const roles = ["audio", "desktop", "vnc", "init-supervisord"].map((role) => {
    const names = catalog().families.get("debian")?.packages[role] ?? []
    return [role, { remove: names, add: role === "desktop" ? [PACKAGE] : [] }]
  })
  const keys = [{ path: KEYRING, url: `${archive.url}/key.asc`, fingerprint }]
  const sources = join(folder, name, "archives/etc/apt/sources.list.d")
  mkdirSync(sources, { recursive: true })
  const distro = { name, extends: "bookworm", packages: Object.fromEntries(roles), keys, ...rest }
  writeFileSync(join(folder, name, "distro.json"), JSON.stringify(distro, null, 2))
  writeFileSync(
    join(sources, "mine.sources"),
    `# ${Date.now()}-${++count}\nTypes: deb\nURIs: ${archive.url}/\nSuites: ./\nSigned-By: ${KEYRING}\n`,
  )
  return folder
}

async function pack(folder: string, wanted: { Package: string; Version: string } & Record<string, string>): Promise<void> {
  const root = room()
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const fields = { Architecture: "all", Maintainer: "A <a@example.org>", Description: "a greeting", ...wanted }
  const control = Object.entries(fields).map(([field, value]) => `${field}: ${value}\n`)
  write("DEBIAN/control", control.join(""))
  write(versionFile(wanted.Package), wanted.Version)
  await execa("dpkg-deb", ["--build", "--root-owner-group", root, folder])
}
