import { randomBytes } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { inFolder } from "./copy.mjs"
import { call } from "./dagger.mjs"
import { figure, median } from "./figures.mjs"

const DISTROS = 300
const CALLS = [["matrix"], ["distros", "summary"]]

/** What calls that tell of every distro take with many from outside, against with none, turn by turn. */
export async function catalogs({ repeats, asOf, log }) {
  return inFolder(async (folder) => {
    const figures = []
    for (const words of CALLS) figures.push(...(await against(words, folder, { repeats, asOf, log })))
    return figures
  })
}

/**
 * Both first calls aren't counted: there the engine sees the module for the first time. Each call names another commit and brings other
 * distros than the one before, as the engine remembers what a function came to.
 */
async function against(words, folder, { repeats, asOf, log }) {
  const name = words.join(" ")
  const [none, many] = [[], []]
  for (let turn = 0; turn <= repeats; turn++) {
    log(`${name}, turn ${turn} of ${repeats}: no distros from outside, ${DISTROS} of them`)
    fill(folder, `${words[0]}, turn ${turn}, ${asOf}`)
    const commit = `--commit=${randomBytes(20).toString("hex")}`
    none.push((await call([commit, ...words])).seconds)
    many.push((await call([commit, `--distros=${folder}`, ...words])).seconds)
  }
  const [least, most] = [none, many].map((seconds) => median(seconds.slice(1)))
  return [
    figure(`${name}: no distros from outside`, least, "s"),
    figure(`${name}: ${DISTROS} distros from outside`, most, "s"),
    figure(`${name}: ${DISTROS} distros from outside ÷ none`, most / least, "x", { most: 1.3 }),
  ]
}

/** Distros that extend one of the farm's own; every tenth has files and a script beside. */
function fill(folder, mark) {
  for (let number = 1; number <= DISTROS; number++) {
    const name = `made-up-${number}`
    const write = (path, text) => {
      mkdirSync(dirname(join(folder, name, path)), { recursive: true })
      writeFileSync(join(folder, name, path), text)
    }
    write("distro.json", JSON.stringify({ name, title: `Number ${number} of ${mark}`, extends: "bookworm" }))
    if (number % 10) continue
    write("root/etc/made-up", `${number}\n`)
    write("system.sh", `echo ${number}\n`)
  }
}
