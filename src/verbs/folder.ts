import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs"
import { join } from "node:path"
import { type Directory, dag, type File } from "@dagger.io/dagger"
import { isText, overlayMode } from "../core/catalog/overlays.ts"

/** Lists the files, links and empty folders below a folder on this disk, as paths below it. Links aren't followed. */
function entriesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const below = entry.isDirectory() ? entriesBelow(join(folder, entry.name)) : []
    return below.length ? below.map((path) => join(entry.name, path)) : [entry.name]
  })
}

/** The files and links below a folder on this disk, sorted, as paths below it. */
export function filesBelow(folder: string): string[] {
  return entriesBelow(folder)
    .filter((path) => !lstatSync(join(folder, path)).isDirectory())
    .sort()
}

/**
 * Makes a folder of what lies in one on this disk: contents, links, and modes as git keeps them. A part of the module's source or of the
 * caller's folder would change, and what is built from it run again, whenever another file beside it does, or the umask of a clone.
 * `fileOf` yields those files of it that are no text.
 */
export function folderOf(folder: string, fileOf: (path: string) => File): Directory {
  const entries = entriesBelow(folder).sort()
  const isLink = (path: string) => lstatSync(join(folder, path)).isSymbolicLink()
  const add = (made: Directory, path: string) => {
    const status = lstatSync(join(folder, path))
    if (status.isDirectory()) return made.withNewDirectory(path, { permissions: 0o755 })
    const permissions = overlayMode(status.mode)
    const bytes = readFileSync(join(folder, path))
    if (isText(bytes)) return made.withNewFile(path, bytes.toString(), { permissions })
    return made.withFile(path, fileOf(path), { permissions })
  }
  const files = entries.filter((path) => !isLink(path)).reduce(add, dag.directory())
  // Links come last, as Dagger would set the time of what they lead to, on the engine's own disk or nowhere.
  return entries.filter(isLink).reduce((made, path) => made.withSymlink(readlinkSync(join(folder, path)), path), files.withTimestamps(0))
}
