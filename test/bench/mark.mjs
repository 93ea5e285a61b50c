import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const MARK = " # bench"

/** Has all packages of a copy of the checkout installed anew, by a comment in what apt reads. */
export function markPackages(copy, mark) {
  const path = join(copy, "distros/_families/debian/archives/etc/apt/apt.conf.d/zz-helios")
  writeFileSync(path, onSecondLine(readFileSync(path, "utf8"), `// ${mark}`))
}

/** A script with a line of the bench after its first one, in place of an earlier such line. */
export function onSecondLine(script, line) {
  const [first, ...rest] = script.split("\n")
  return [first, `${line}${MARK}`, ...(rest[0]?.endsWith(MARK) ? rest.slice(1) : rest)].join("\n")
}
