import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { type Catalog, catalog } from "../../src/core/catalog/catalog.ts"
import type { Pins } from "../../src/core/plan/plan.ts"
import { lock } from "../../src/core/sources/lock.ts"
import { patches } from "../../src/core/sources/patches.ts"

export const ROOT = join(import.meta.dirname, "../..")

/** The texts of a folder of distros, by path below it. */
function texts(folder = join(ROOT, "distros")): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [path.slice(folder.length + 1), readFileSync(path, "utf8")]
    }),
  )
}

/** The names of the farm's distros, as their folders have them. */
export function distroNames(): string[] {
  const folders = readdirSync(join(ROOT, "distros"), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.map(({ name }) => name).filter((name) => !name.startsWith("_"))
}

export function farm(extra: Record<string, unknown> = {}): Catalog {
  const files = texts()
  for (const [path, value] of Object.entries(extra)) files.set(path, typeof value === "string" ? value : JSON.stringify(value))
  return catalog(files)
}

export function pins(): Pins {
  const folder = join(ROOT, "common/build/patches")
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => /\.(json|patch)$/.test(path))
  return {
    lock: lock(readFileSync(join(ROOT, "sources.lock.json"), "utf8")),
    patches: patches(new Map(files.map((path) => [path, readFileSync(join(folder, path), "utf8")]))),
  }
}
