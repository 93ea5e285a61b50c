import { inCopy } from "./copy.mjs"
import { call, dagger } from "./dagger.mjs"
import { figure, median } from "./figures.mjs"
import { IMAGE } from "./images.mjs"
import { markPackages } from "./mark.mjs"

/** Times a call with nothing changed against its first and against an empty function, turn by turn, and counts its commands. */
export async function unchanged({ repeats, asOf, log }) {
  return inCopy(async (copy) => {
    markPackages(copy, asOf)
    return timed((args) => call(args, { cwd: copy }), { repeats, log })
  })
}

async function timed(call, { repeats, log }) {
  await call(["version"])
  const build = ["build", ...IMAGE, "sync"]
  log("the first build, of packages that no layer was made of")
  const first = await call(build)
  const [builds, empties, bare] = [[], [], []]
  for (let turn = 1; turn <= repeats; turn++) {
    log(`turn ${turn} of ${repeats}: nothing, an empty function, a build with nothing changed`)
    bare.push((await dagger(["version"])).seconds)
    empties.push((await call(["version"])).seconds)
    builds.push(await call(build))
  }
  const ran = builds.flatMap(({ commands, loading }) => [...commands, ...loading])
  const build_ = median(builds.map(({ seconds }) => seconds))
  const empty = median(empties)
  const downloads = "downloads come from the cache volumes, as after any change of a package list"
  return [
    figure("first build", first.seconds, "s", { note: downloads }),
    figure("first build: commands run", first.commands.length, "", { least: 1, note: first.commands.join("; ") }),
    figure("nothing changed: commands run", ran.length, "", { most: 0, note: ran.join("; ") }),
    figure("nothing changed: time", build_, "s"),
    figure("nothing changed: time ÷ an empty function's", build_ / empty, "x", { most: 2 }),
    figure("nothing changed: time ÷ the first build's", build_ / first.seconds, "x"),
    figure("module load: call version", empty, "s"),
    figure("module load ÷ dagger version", empty / median(bare), "x"),
  ]
}
