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
    fill(folder, asOf)
    const figures = []
    for (const words of CALLS) figures.push(...(await against(words, folder, { repeats, log })))
    return figures
  })
}

/** Both first calls aren't counted: there the engine sees module and folder for the first time. */
async function against(words, folder, { repeats, log }) {
  const name = words.join(" ")
  const [none, many] = [[], []]
  for (let turn = 0; turn <= repeats; turn++) {
    log(`${name}, turn ${turn} of ${repeats}: no distros from outside, ${DISTROS} of them`)
    none.push((await call(words)).seconds)
    many.push((await call([`--distros=${folder}`, ...words])).seconds)
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
