import { readdirSync, statSync } from "node:fs"
import { extname, join } from "node:path"
import { entrypoint } from "@dagger.io/dagger"

const root = import.meta.dirname
const client = `${root}/../sdk/client.gen.ts`

/** The TypeScript below a folder, the last name first, and after each folder's the client of the API. */
function modulesBelow(folder: string): string[] {
  const paths = readdirSync(folder).map((name) => join(folder, name))
  const found = paths.map((path) => {
    if (statSync(path).isDirectory()) return modulesBelow(path)
    return [".ts", ".mts"].includes(extname(path)) ? [path] : []
  })
  return [...found.reverse().flat(), client]
}

entrypoint(modulesBelow(root))
