import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type Container, type Directory, dag } from "@dagger.io/dagger"
import { REGISTRY, ROOT } from "../farm.ts"
import { type Served, serveHttp } from "./served.ts"

const FIXTURES = join(ROOT, "test/fixtures/pacman")

/** A name that no other run of the tests has, so that no cache of theirs is met. */
export const RUN = Date.now().toString(36)

/** What stands for each of Arch's packages: what it depends on, and the Debian packages whose files it holds. */
export const STAND_INS: Record<string, { depends?: string[]; debian: string[] }> = {
  "adwaita-icon-theme": { debian: ["adwaita-icon-theme"] },
  dbus: { debian: ["dbus-daemon", "dbus-bin", "dbus-session-bus-common"] },
  libpulse: { debian: ["pulseaudio-utils", "libpulse-dev"] },
  librsvg: { debian: ["librsvg2-common"] },
  pulseaudio: { depends: ["libpulse"], debian: ["pulseaudio"] },
  systemd: { debian: ["systemd"] },
  thunar: { depends: ["xfconf"], debian: ["thunar"] },
  tigervnc: { depends: ["xorg-xauth"], debian: ["tigervnc-standalone-server", "tigervnc-tools"] },
  "ttf-dejavu": { debian: ["fonts-dejavu-core"] },
  "xfce4-panel": { depends: ["xfconf"], debian: ["xfce4-panel"] },
  "xfce4-settings": { depends: ["xfconf"], debian: ["xfce4-settings"] },
  "xfce4-terminal": { debian: ["xfce4-terminal"] },
  xfconf: { debian: ["xfconf"] },
  xfdesktop: { depends: ["thunar"], debian: ["xfdesktop4"] },
  xfwm4: { depends: ["xfconf"], debian: ["xfwm4"] },
  "xorg-xauth": { debian: ["xauth"] },
}

/** Debian's own pacman, the newest there is, with what packs for it. */
function toolbox(): Container {
  const names = ["ca-certificates", "gnupg", "libarchive-tools", "makepkg", "pacman-package-manager", "zstd"]
  return dag
    .container()
    .from("debian:sid-slim")
    .withEnvVariable("HELIOS_RUN", RUN)
    .withEnvVariable("DEBIAN_FRONTEND", "noninteractive")
    .withExec(["apt-get", "update"])
    .withExec(["apt-get", "install", "--yes", "--no-install-recommends", ...names])
    .withoutEnvVariable("DEBIAN_FRONTEND")
    .withEnvVariable("KEYRING_IMPORT_DIR", "/usr/share/pacman/keyrings")
}

/** A signed repository of what stands for Arch's packages, beside what a base and a stranger have. */
export function packed(): Directory {
  const lines = Object.entries(STAND_INS).map(
    ([name, { depends = [], debian }]) => `${name} ${depends.join(",") || "-"} ${debian.join(" ")}\n`,
  )
  return toolbox()
    .withDirectory("/pack", dag.host().directory(FIXTURES))
    .withFile("/pack/helios.svg", dag.host().file(join(ROOT, "common/overlays/all/usr/share/backgrounds/helios.svg")))
    .withNewFile("/pack/list", lines.join(""))
    .withExec(["/pack/pack", "/pack/list", "/out"])
    .directory("/out")
}

/** A base image of Debian with pacman in it: its address in the registry. */
export async function publishedBase(out: Directory): Promise<string> {
  const address = `${REGISTRY}/rehearsal:pacman-${RUN}`
  const base = toolbox().withMountedDirectory("/out", out).withMountedDirectory("/pack", dag.host().directory(FIXTURES))
  await base.withExec(["/pack/base", "/out"]).withoutMount("/out").withoutMount("/pack").publish(address)
  return address
}

/** What a mirror gives in place of what it should. */
export interface Answer {
  body?: Buffer
  /** How many bytes it says that it gives, all of the body by default. */
  length?: number
}

/** A mirror whose answers can be spoilt. */
export interface Mirror extends Served {
  /** What it gives for a path in place of the file: nothing for a file that is gone. */
  spoil?: (path: string, body: Buffer) => Answer | null | undefined
}

/** Serves a folder to the engine's containers, as an honest mirror until it is spoilt. */
export async function serveMirror(folder: string): Promise<Mirror> {
  const served = await serveHttp((request, response) => {
    const path = decodeURIComponent(request.url ?? "")
    const file = join(folder, path)
    const honest = existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined
    const spoilt = honest && mirror.spoil?.(path, honest)
    if (!honest || spoilt === null) return response.writeHead(404).end()
    const { body = honest, length = body.length } = spoilt ?? {}
    response.writeHead(200, { "content-length": length, "last-modified": statSync(file).mtime.toUTCString() })
    if (length === body.length) response.end(body)
    else response.write(body, () => response.destroy())
  })
  const mirror: Mirror = served
  return mirror
}

/** Writes a distro of Arch's family that is built on another base, from a mirror, trusting a key: its folder for --distros. */
export function writeDistro(distros: string, name: string, base: string, mirror: string, trusted: string, more: object = {}): void {
  const arch = JSON.parse(readFileSync(join(ROOT, "distros/arch/distro.json"), "utf8"))
  const files = {
    "distro.json": JSON.stringify({ ...arch, name, base, title: "Arch's path, rehearsed", ...more }),
    "archives/etc/pacman.d/mirrorlist": `Server = ${mirror}/$repo\n`,
    "archives/usr/share/pacman/keyrings/archlinux-trusted": `${trusted}:4:\n`,
  }
  for (const [path, text] of Object.entries(files)) {
    const file = join(distros, name, path)
    mkdirSync(join(file, ".."), { recursive: true })
    writeFileSync(file, text)
  }
}
