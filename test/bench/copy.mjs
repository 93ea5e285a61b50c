import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execa } from "execa"
import { ROOT } from "./dagger.mjs"

/** Does some work in an empty folder of its own, which is gone afterwards; returns what the work does. */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "helios-bench-"))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The same in a copy of the checkout, with its changes and new files and without what git ignores. */
export async function inCopy(work) {
  return inFolder(async (copy) => {
    const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: ROOT })
    for (const path of stdout.split("\0").filter((name) => name && existsSync(join(ROOT, name)))) {
      cpSync(join(ROOT, path), join(copy, path), { verbatimSymlinks: true })
    }
    return work(copy)
  })
}
