import { chmodSync, existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import type { Family } from "../../../src/core/catalog/family.ts"
import { farm, ROOT } from "../catalog.ts"
import { room } from "../farm.ts"

/** How a family's program `outdated` ends for a platform, and what it prints, where some commands are others: shell, by name. */
export async function outdated(family: string, platform: string, commands: Record<string, string>) {
  const bin = room()
  for (const [name, body] of Object.entries(commands)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  const { packageManager } = farm().families.get(family) as Family
  const [program] = packageManager.outdated as [string]
  const folders = ["archives", "settings"].map((folder) => join(ROOT, "distros/_families", family, folder, program))
  const env = { PATH: `${bin}:${process.env.PATH}` }
  const { exitCode, stdout, stderr } = await execa(folders.find(existsSync) as string, [platform], { env, reject: false })
  return { exitCode, packages: stdout.split("\n").filter(Boolean), stderr }
}

/** The platforms, each with what distributions of rpm's and pacman's call its architecture. */
export const ARCHITECTURES = [
  ["linux/amd64", "x86_64"],
  ["linux/arm64", "aarch64"],
] as const
