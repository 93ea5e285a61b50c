import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { execa } from "execa"
import { ROOT } from "./catalog.ts"

const rooms: string[] = []

/** Removes those that a file of tests made. */
export function removeRoots(): void {
  for (const room of rooms) rmSync(room, { recursive: true })
}

/** What a family's script makes of the files of a root that it is run on, before it takes that back. */
export class Root {
  readonly root = mkdtempSync(join(tmpdir(), "helios-root-"))
  readonly family: string
  constructor(family: string, files: Record<string, string>) {
    this.family = family
    rooms.push(this.root)
    for (const [path, text] of Object.entries(files)) this.write(path, text)
    mkdirSync(join(this.root, "etc/apt/apt.conf.d"), { recursive: true })
    mkdirSync(join(this.root, "usr/local/lib/helios"), { recursive: true })
  }

  private write(path: string, text: string) {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), text)
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8")
  }

  /** Every file, by path. */
  all(): Record<string, string> {
    const entries = readdirSync(this.root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(this.root.length + 1))
    return Object.fromEntries(paths.sort().map((path) => [path, this.read(path)]))
  }

  /** Runs the family's command about archives on them. */
  async archives(...args: string[]) {
    const script = readFileSync(join(ROOT, "distros/_families", this.family, "archives/usr/local/lib/helios/archives"), "utf8")
    const shell = script.split("\n")[0]?.slice("#!/bin/".length) as string
    const here = script.replace(/(^|[ ="])(\/etc\/|\/usr\/local\/lib)/gm, `$1${this.root}$2`)
    const { exitCode, stderr } = await execa(shell, ["-c", here, "archives", ...args], { reject: false })
    return { exitCode, stderr }
  }
}
