import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { inCopy } from "./copy.mjs"
import { call } from "./dagger.mjs"
import { figure } from "./figures.mjs"
import { markPackages, onSecondLine } from "./mark.mjs"

/** Those that compile or bundle something, each after what it shares with those before it. */
export const COMPONENTS = ["s6", "virtualgl", "xorg", "novnc", "kclient"]
const PATCH = "common/build/patches/kclient/helios.patch"
const [COLD_SECONDS, WARM_SECONDS, IMAGE_SECONDS] = [15 * 60, 4 * 60, 25 * 60]
const NOTES = {
  cold: "wall clock of one call after the other; every build script changed, compilers told not to look into their cache, the distro's \
build dependencies installed anew; sources and downloads come from the engine's caches",
  image: "one call; all of that at once, and the desktop's packages installed anew",
  warm: "the same again with every build script changed by a comment: all steps run, and compilers find their results in the cache",
}

/** How long helios' components take, one after the other: cold, with a warm compiler cache, unchanged, and with one patch changed. */
export async function components({ asOf, components: names, images, log }) {
  const helios = images("components").find(({ name }) => name === "helios")
  if (!helios) return []
  const build = (name, copy) => call([...helios.farm, "stage", `--name=${name}`, ...helios.options, "entries"], { cwd: copy })
  const built = await inCopy(async (copy) => {
    const figures = []
    markPackages(copy, asOf)
    for (const [state, line] of [
      ["cold", `export CCACHE_RECACHE=1 # ${asOf}, cold`],
      ["warm", `# ${asOf}, warm`],
    ]) {
      markScripts(copy, line)
      figures.push(...(await times(names, state, (name) => build(name, copy), { copy, log })))
    }
    log("components, nothing changed")
    const again = []
    for (const name of names) again.push(...(await build(name, copy)).commands)
    figures.push(figure("components, nothing changed: commands run", again.length, "", { most: 0, note: again.join("; ") }))
    return isWhole(names) ? [...figures, ...(await wholeImage(helios, copy, { asOf, log }))] : figures
  })
  return names.includes("kclient") ? [...built, ...(await patchChanged(build, { asOf, log }))] : built
}

/** Builds each component and counts the seconds; the module itself is loaded before. */
async function times(names, state, build, { copy, log }) {
  await call(["version"], { cwd: copy })
  const seconds = []
  const figures = []
  for (const name of names) {
    log(`component ${name}, ${state}`)
    const built = await build(name)
    if (!built.commands.length) throw new Error(`component ${name}, ${state}: expected commands to run, got none`)
    seconds.push(built.seconds)
    figures.push(figure(`component ${name}, ${state}: time`, built.seconds, "s", { note: built.commands.join("; ") }))
  }
  const most = { cold: COLD_SECONDS, warm: WARM_SECONDS }[state]
  const sum = seconds.reduce((total, each) => total + each, 0)
  const whole = figure(`components, all ${state}: time`, sum, "s", { most, note: NOTES[state] })
  return isWhole(names) ? [...figures, whole] : figures
}

const isWhole = (names) => COMPONENTS.every((name) => names.includes(name))

/** How long the image takes with all its components cold and its packages installed anew; then with nothing changed. */
async function wholeImage({ farm, options }, copy, { asOf, log }) {
  const build = () => call([...farm, "build", ...options, "sync"], { cwd: copy })
  markScripts(copy, `export CCACHE_RECACHE=1 # ${asOf}, image`)
  markPackages(copy, `${asOf}, image`)
  await call(["version"], { cwd: copy })
  log("the whole image, cold")
  const cold = await build()
  log("the whole image, nothing changed")
  const again = await build()
  return [
    figure("helios, whole image cold: time", cold.seconds, "s", { most: IMAGE_SECONDS, note: NOTES.image }),
    figure("helios, nothing changed: commands run", again.commands.length, "", { most: 0, note: again.commands.join("; ") }),
    figure("helios, nothing changed: time", again.seconds, "s"),
  ]
}

/** Changes the words before helios.patch's first hunk, which no built file has. */
async function patchChanged(build, { asOf, log }) {
  return inCopy(async (copy) => {
    for (const name of COMPONENTS) {
      log(`component ${name} of a copy of the checkout, as it is`)
      await build(name, copy)
    }
    const path = join(copy, PATCH)
    writeFileSync(path, `Changed for a bench, ${asOf}.\n${readFileSync(path, "utf8")}`)
    const [kclient, ...others] = ["kclient", ...COMPONENTS.filter((name) => name !== "kclient")]
    log("component kclient, helios.patch changed")
    const { commands, seconds } = await build(kclient, copy)
    const ran = []
    for (const name of others) ran.push(...(await build(name, copy)).commands.map((command) => `${name}: ${command}`))
    return [
      figure("helios.patch changed: commands run for kclient", commands.length, "", { least: 1, note: commands.join("; ") }),
      figure("helios.patch changed: kclient's time", seconds, "s"),
      figure("helios.patch changed: commands run for Xorg and the others", ran.length, "", { most: 0, note: ran.join("; ") }),
    ]
  })
}

/** Gives every build script that line, in place of the one that it was given before. */
export function markScripts(copy, line) {
  const folder = join(copy, "common/build/scripts")
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    writeFileSync(path, onSecondLine(readFileSync(path, "utf8"), line))
  }
}
