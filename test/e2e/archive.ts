import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { networkInterfaces } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { room } from "./farm.ts"

/** The name of the one package of an archive, and of the file that tells its version once it is installed. */
export const PACKAGE = "helios-greeting"
export const VERSION_FILE = `usr/share/${PACKAGE}/version`

/** Answers a request for a file in place of the archive. */
export type Answer = (response: ServerResponse, file: Buffer) => void

/** A key of an archive, made for a test. */
export interface SigningKey {
  fingerprint: string
  /** What `gpg --export --armor` prints of it now. */
  armored(): Promise<string>
  /** Makes it one without end. */
  renew(): Promise<void>
  sign(text: string): Promise<string>
}

const EXPIRED = ["--faked-system-time", "20200101T000000!"]

/** A new key; an expired one was made in 2020, for a day. */
export async function makeKey({ isExpired = false } = {}): Promise<SigningKey> {
  const home = room()
  const gpg = async (args: string[], input = "") =>
    (await execa("gpg", ["--batch", "--homedir", home, "--pinentry-mode", "loopback", "--passphrase", "", ...args], { input })).stdout
  const [then, end] = isExpired ? [EXPIRED, "1d"] : [[], "never"]
  await gpg([...then, "--quick-generate-key", "archive@example.org", "rsa3072", "sign", end])
  const listed = await gpg(["--list-keys", "--with-colons"])
  const fingerprint = listed.match(/^fpr:+([0-9A-F]{40}):$/m)?.[1] as string
  return {
    fingerprint,
    armored: () => gpg(["--export", "--armor"]),
    renew: async () => void (await gpg(["--quick-set-expire", fingerprint, "0"])),
    sign: (text) => gpg(["--clearsign"], text),
  }
}

/** An address of this machine that containers reach, as they don't share its loopback. */
function address(): string {
  const all = Object.values(networkInterfaces()).flatMap((found) => found ?? [])
  const own = all.find(({ family, internal }) => family === "IPv4" && !internal)
  if (!own) throw new Error("this test needs an IPv4 address of this machine beside the loopback's")
  return own.address
}

/** An archive of one package, signed and served over http. */
export class Archive {
  readonly folder = room()
  /** What is answered otherwise, by the file's name. */
  readonly answers = new Map<string, Answer>()
  private readonly server: Server

  constructor() {
    this.server = createServer((request, response) => {
      const name = (request.url ?? "").replace(/^[./]*/, "")
      const file = this.file(name)
      const answer = this.answers.get(name.endsWith(".deb") ? "deb" : name)
      if (answer) answer(response, file ?? Buffer.alloc(0))
      else if (file) response.end(file)
      else response.writeHead(404).end()
    })
  }

  private file(name: string): Buffer | undefined {
    return readdirSync(this.folder).includes(name) ? readFileSync(join(this.folder, name)) : undefined
  }

  async listen(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, "0.0.0.0", done))
  }

  close(): void {
    this.server.closeAllConnections()
    this.server.close()
  }

  get url(): string {
    return `http://${address()}:${(this.server.address() as AddressInfo).port}`
  }

  /** The archive with the package of a version in it, or with none, signed by a key. */
  async publish(key: SigningKey, version?: string): Promise<void> {
    for (const name of readdirSync(this.folder)) rmSync(join(this.folder, name))
    if (version) await pack(version, this.folder)
    const options = { cwd: this.folder }
    writeFileSync(join(this.folder, "Packages"), (await execa("apt-ftparchive", ["packages", "."], options)).stdout)
    const { stdout: release } = await execa("apt-ftparchive", ["release", "."], options)
    writeFileSync(join(this.folder, "InRelease"), await key.sign(`${release}\n`))
    writeFileSync(join(this.folder, "key.asc"), await key.armored())
  }
}

async function pack(version: string, folder: string): Promise<void> {
  const root = room()
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const fields = { Package: PACKAGE, Version: version, Architecture: "all", Maintainer: "A <a@example.org>", Description: "a greeting" }
  const control = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`)
  write("DEBIAN/control", control.join(""))
  write(VERSION_FILE, version)
  await execa("dpkg-deb", ["--build", "--root-owner-group", root, folder])
}
