import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { room } from "../farm.ts"

const DISTROS = join(import.meta.dirname, "../../../distros")

/** A folder of distros with one, "marked", that is bookworm but for a mark in the environment of all that installs its packages. */
export function markedDistro(mark: string): string {
  const folder = room()
  const write = (path: string, value: object) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), JSON.stringify({ ...value, name: "marked" }))
  }
  const read = (path: string) => JSON.parse(readFileSync(join(DISTROS, path), "utf8"))
  const family = read("_families/debian/family.json")
  cpSync(join(DISTROS, "_families/debian"), join(folder, "_families/marked"), { recursive: true })
  const environment = { ...family.packageManager.environment, HELIOS_MARK: mark }
  write("_families/marked/family.json", { ...family, packageManager: { ...family.packageManager, environment } })
  write("marked/distro.json", { ...read("bookworm/distro.json"), family: "marked" })
  return folder
}
