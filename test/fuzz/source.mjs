import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { execa } from "execa"

export const ROOT = join(import.meta.dirname, "../..")
const PATCHES = join(ROOT, "common/build/patches/kasmvnc")
const read = (path) => JSON.parse(readFileSync(join(ROOT, path), "utf8"))

/** The patches that the farm applies to KasmVNC. */
export const series = () => read("common/build/patches/kasmvnc/series.json")

/** What was found, and the patch that mended it. */
export const seeds = () => read("test/fuzz/seeds/seeds.json")

/** The series as it was before the first of the findings was mended. */
export function unpatched() {
  const mended = new Set(seeds().map(({ patch }) => patch))
  return series().slice(
    0,
    series().findIndex(({ file }) => mended.has(file)),
  )
}

/**
 * KasmVNC's source in a folder, with patches applied as the farm does; kept where it is the same already.
 * @param {string} mirror such as git://127.0.0.1
 * @param {string} folder
 * @param {ReturnType<typeof series>} patches
 */
export async function source(mirror, folder, patches) {
  const pins = read("sources.lock.json")
  const [pin, later] = ["kasmvnc", "kasmvnc-fixes"].map((wanted) => pins.find(({ name }) => name === wanted))
  const texts = patches.map((patch) => patch.commit ?? readFileSync(join(PATCHES, patch.file), "utf8"))
  const hash = createHash("sha256")
    .update(JSON.stringify([pin.commit, ...texts]))
    .digest("hex")
  const stamp = join(folder, "stamp")
  const tree = join(folder, "source")
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return tree

  rmSync(folder, { recursive: true, force: true })
  mkdirSync(tree, { recursive: true })
  const repository = join(dirname(folder), "kasmvnc.git")
  const git = (...args) => execa("git", [`--git-dir=${repository}`, ...args])
  await execa("git", ["init", "--quiet", "--bare", repository])
  await git("fetch", "--quiet", pin.repo.replace("https://", `${mirror}/`), pin.commit, later.commit)
  await git(`--work-tree=${tree}`, "checkout", "--quiet", "--force", pin.commit, "--", ".")
  const lines = patches.map(({ commit, file, fuzz = 0, exclude = [] }) =>
    commit ? `${fuzz}\t${repository}#${commit}\t${exclude.join(" ")}\n` : `${fuzz}\t${join(PATCHES, file)}\n`,
  )
  writeFileSync(join(folder, "series"), lines.join(""))
  await execa(join(ROOT, "common/build/scripts/apply-patches"), [tree, join(folder, "series")])
  writeFileSync(stamp, hash)
  return tree
}
