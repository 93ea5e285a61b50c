import { markScripts } from "./components.mjs"
import { inCopy } from "./copy.mjs"
import { engineSeconds } from "./cpu.mjs"
import { call } from "./dagger.mjs"
import { figure } from "./figures.mjs"

const ALONE = ["bookworm"]
const FAMILY = ["bookworm", "trixie", "sid"]
const NOTE =
  "processor time of the engine and of all that it ran; compilers told not to look into their cache, all packages installed anew; \
components in C are compiled once for the three, modules for Node and packages are each distro's own"

/** What three distros of a family take when they are built in one go, against its oldest alone. */
export async function family({ asOf, images, leaveOut, log }) {
  const helios = images("family").find(({ name }) => name === "helios")
  if (!helios) return []
  if (engineSeconds() === undefined) {
    leaveOut("family", "processor time: the engine's process can't be seen from here")
    return []
  }
  const cold = async (distros, copy) => {
    const mark = `${asOf}, ${distros.join(" ")}`
    markScripts(copy, `export CCACHE_RECACHE=1 # ${mark}`)
    await call(["version"], { cwd: copy })
    const begun = engineSeconds()
    for (const distro of distros) {
      log(`family: ${distro}, cold, of ${distros.join(" ")}`)
      await call([...helios.farm, `--as-of=${mark}`, "build", `--distro=${distro}`, "--profile=helios", "sync"], { cwd: copy })
    }
    return engineSeconds() - begun
  }
  return inCopy(async (copy) => {
    const alone = await cold(ALONE, copy)
    const together = await cold(FAMILY, copy)
    return [
      figure(`${ALONE} alone, cold: processor time`, alone, "s"),
      figure(`${FAMILY.join(", ")} in one go, cold: processor time`, together, "s"),
      figure(`${FAMILY.join(", ")} in one go ÷ ${ALONE} alone`, together / alone, "x", { most: 1.6, note: NOTE }),
    ]
  })
}
