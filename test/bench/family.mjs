import { markScripts } from "./components.mjs"
import { inCopy } from "./copy.mjs"
import { engineSeconds } from "./cpu.mjs"
import { call } from "./dagger.mjs"
import { figure } from "./figures.mjs"
import { markPackages } from "./mark.mjs"

const PAIR = ["bookworm", "trixie"]
const FAMILY = [...PAIR, "sid"]
const NOTE =
  "processor time of the engine and of all that it ran; compilers told not to look into their cache, all packages installed anew; \
components in C are compiled once for the three, modules for Node and packages are each distro's own"

/** What distros of a family take when they are built in one go, against each by itself. */
export async function family({ asOf, images, leaveOut, log }) {
  if (engineSeconds() === undefined) {
    leaveOut("family", "processor time: the engine's process can't be seen from here")
    return []
  }
  return inCopy(async (copy) => {
    const figures = []
    for (const { name, farm, options } of images("family")) {
      const profile = options.filter((option) => option.startsWith("--profile="))
      const cold = (distros) => times(distros, { mark: `${asOf}, ${name}, ${distros}`, copy, log, farm, profile })
      figures.push(...(await measure(name, cold)))
    }
    return figures
  })
}

/** kvdi has nothing that is compiled, so its figures are judged by nobody. */
async function measure(name, cold) {
  const isJudged = name === "helios"
  const alone = []
  for (const distro of PAIR) alone.push(...(await cold([distro])))
  const each = alone.reduce((sum, seconds) => sum + seconds)
  const together = await cold(isJudged ? FAMILY : PAIR)
  const [pair, all] = [together[PAIR.length - 1], together.at(-1)]
  const said = (distros) => `${name}, ${distros.join(", ")} in one go, cold`
  const judged = (most) => (isJudged ? { most, note: NOTE } : {})
  return [
    ...PAIR.map((distro, index) => figure(`${name}, ${distro} alone, cold: processor time`, alone[index], "s")),
    figure(`${said(PAIR)}: processor time`, pair, "s"),
    figure(`${said(PAIR)} ÷ each alone`, pair / each, "x", judged(0.75)),
    ...(isJudged
      ? [
          figure(`${said(FAMILY)}: processor time`, all, "s"),
          figure(`${said(FAMILY)} ÷ ${PAIR[0]} alone`, all / alone[0], "x", judged(1.6)),
        ]
      : []),
  ]
}

/** Builds distros one after the other with nothing made before: the processor time that had gone after each. */
async function times(distros, { mark, copy, log, farm, profile }) {
  markScripts(copy, `export CCACHE_RECACHE=1 # ${mark}`)
  markPackages(copy, mark)
  await call(["version"], { cwd: copy })
  const begun = engineSeconds()
  const after = []
  for (const distro of distros) {
    log(`family: ${distro}, cold, of ${mark}`)
    await call([...farm, "build", `--distro=${distro}`, ...profile, "sync"], { cwd: copy })
    after.push(engineSeconds() - begun)
  }
  return after
}
