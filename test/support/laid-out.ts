import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ROOT } from "./catalog.ts"
import type { Environment } from "./environments.ts"
import { checksOf } from "./start-ups.ts"

const PROFILES = {
  helios: { layers: ["all", "helios"], init: "lib/helios/bin/init" },
  kvdi: { layers: ["all", "kvdi", "kvdi-supervisord"], init: "bin/kvdi-init" },
} as const
export type LaidOutProfile = keyof typeof PROFILES

/** A folder for what is laid out, and what removes it. */
export function roomForStartUps(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "helios-start-ups-"))
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}

/**
 * Lays a profile's shell files out in a folder, changed as a test wants: the program with its checks alone, for a machine with no user
 * but root, who is said to be another, of root's group. It ends with what the test wants to know.
 */
export function layOut(local: string, profile: LaidOutProfile, change = (text: string) => text, end = "", who = "0"): string {
  const { layers, init } = PROFILES[profile]
  for (const layer of layers) cpSync(join(ROOT, "common/overlays", layer, "usr/local"), local, { recursive: true })
  const shell = readdirSync(join(local, "lib/helios")).filter((file) => file.endsWith(".sh"))
  for (const file of [init, ...shell.map((one) => `lib/helios/${one}`)]) {
    const path = join(local, file)
    writeFileSync(path, change(readFileSync(path, "utf8").replaceAll("/usr/local/", `${local}/`)))
  }
  const checks = checksOf(readFileSync(join(local, init), "utf8"))
  writeFileSync(
    join(local, "try"),
    `${checks.replace("set -eu\n", `$&id() { [ "$1" = -g ] && echo 0 || echo ${who}; }\ngetent() { :; }\n`)}${end}`,
  )
  return join(local, "try")
}

const read = (path: string) => readFileSync(join(ROOT, "common/overlays", path), "utf8")
const [first = ""] = read("kvdi/usr/local/bin/kvdi-init").split("\n")
const names = (text: string, each: RegExp) => [...text.matchAll(each)].map(([, name = ""]) => name)

/** What helios-init, which no machine without s6 runs, and the first line of kvdi-init keep from the shell, beside LC_ALL. */
const KEPT: Record<LaidOutProfile, string[]> = {
  helios: names(read("helios/usr/local/bin/helios-init"), /unexport (\w+)/g),
  kvdi: names(first, /-u (\w+)/g),
}

/** The environment that the checks' shell is started with, for one that a container is given. */
export const asGiven =
  (profile: LaidOutProfile) =>
  (environment: Environment): Environment => [
    ...environment.filter(([name]) => ![...KEPT[profile], "LC_ALL", "HELIOS_LOCALE"].includes(name)),
    ["HELIOS_LOCALE", environment.find(([name]) => name === "LC_ALL")?.[1] ?? ""],
    ["LC_ALL", "C"],
  ]
