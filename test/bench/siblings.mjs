import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { COMPONENTS, markScripts } from "./components.mjs"
import { inCopy, inFolder } from "./copy.mjs"
import { engineSeconds } from "./cpu.mjs"
import { call } from "./dagger.mjs"
import { figure } from "./figures.mjs"

/** So many distros from outside of each that they extend. */
const EACH = 4
const EXTENDED = ["bookworm", "trixie"]
const NOTE =
  "processor time of the engine and of all that it ran for the components of helios, one distro after the other, less what the same calls \
take with nothing left to build; compilers told not to look into their cache; desktops' packages are not among it"

/** What it takes to compile for several distros that extend the farm's own, against the first of them alone. */
export async function siblings({ asOf, images, leaveOut, log }) {
  const helios = images("siblings").find(({ name }) => name === "helios")
  if (!helios) return []
  if (engineSeconds() === undefined) {
    leaveOut("siblings", "processor time: the engine's process can't be seen from here")
    return []
  }
  return inFolder((folder) => inCopy((copy) => measure([...helios.farm, `--distros=${folder}`], fill(folder), copy, { asOf, log })))
}

async function measure(farm, names, copy, { asOf, log }) {
  markScripts(copy, `export CCACHE_RECACHE=1 # ${asOf}, siblings`)
  await call(["version"], { cwd: copy })
  const round = async (state) => {
    const seconds = []
    for (const name of names) {
      log(`siblings: the components of ${name}, ${state}`)
      const [begun, options] = [engineSeconds(), [`--distro=${name}`, "--profile=helios", "entries"]]
      for (const stage of COMPONENTS) await call([...farm, "stage", `--name=${stage}`, ...options], { cwd: copy })
      seconds.push(engineSeconds() - begun)
    }
    return seconds
  }
  const [built, unchanged] = [await round("built"), await round("unchanged")]
  const compiled = built.map((seconds, at) => seconds - unchanged[at])
  const [alone, all] = [compiled[0], compiled.reduce((sum, seconds) => sum + seconds)]
  const said = `${EACH} distros that extend ${EXTENDED.join(`, and ${EACH} that extend `)}`
  return [
    figure("one distro that extends bookworm, its components: processor time", alone, "s", { note: NOTE }),
    figure(`${said}: processor time`, all, "s"),
    figure(`${said} ÷ one`, all / alone, "x", { most: 1.3, note: NOTE }),
  ]
}

/** Writes the distros, each with a package that the others haven't; their names. */
function fill(folder) {
  return EXTENDED.flatMap((base) =>
    ["tree", "less", "file", "bc"].slice(0, EACH).map((extra) => {
      const name = `${base}-with-${extra}`
      mkdirSync(join(folder, name))
      const packages = { desktop: { add: [extra] } }
      writeFileSync(join(folder, name, "distro.json"), JSON.stringify({ name, title: name, extends: base, packages }))
      return name
    }),
  )
}
