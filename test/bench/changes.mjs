import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { inCopy, inFolder } from "./copy.mjs"
import { call, ROOT } from "./dagger.mjs"
import { figure } from "./figures.mjs"
import { IMAGE } from "./images.mjs"
import { markPackages } from "./mark.mjs"

const CHANGED = "usr/local/bin/on-display"
const PACKAGE_STEP = /^(apt-get|apt|dpkg|dnf|microdnf|rpm|pacman) /

/** Builds a copy of the checkout before and after one line is added to a script of common/, and counts what runs. */
export async function oneLine({ asOf, log }) {
  return inCopy(async (copy) => {
    markPackages(copy, asOf)
    const build = ["build", ...IMAGE, "file", `--path=/${CHANGED}`, "contents"]
    log("a copy of the checkout, built as it is")
    const before = await call(build, { cwd: copy })
    const line = `# bench ${asOf}`
    appendFileSync(join(copy, "common/overlays/kvdi", CHANGED), `${line}\n`)
    log(`common/overlays/kvdi/${CHANGED}, with one line more`)
    const after = await call(build, { cwd: copy })
    if (!after.stdout.includes(line)) throw new Error(`one line changed: the image's ${CHANGED} doesn't have the line`)
    const steps = after.commands.filter((command) => PACKAGE_STEP.test(command))
    const { loading } = after
    return [
      figure("one line of common/ changed: package steps run", steps.length, "", { most: 0, note: steps.join("; ") }),
      figure("one line of common/ changed: commands run", after.commands.length, "", { most: 0, note: after.commands.join("; ") }),
      figure("one line of common/ changed: commands to load the module", loading.length, "", { note: loading.join("; ") }),
      figure("one line of common/ changed: time", after.seconds, "s"),
      figure("one line of common/ changed: time ÷ before the change", after.seconds / before.seconds, "x"),
    ]
  })
}

/** Proves the count of commands on a call that must run one: a small distro's packages, then with one package more. */
export async function packageList({ asOf, log }) {
  return inFolder(async (folder) => {
    const read = (path) => JSON.parse(readFileSync(join(ROOT, "distros", path), "utf8"))
    const [family, distro] = [read("_families/debian/family.json"), read("bookworm/distro.json")]
    const write = (path, value) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), JSON.stringify(value))
    }
    const environment = { ...family.packageManager.environment, HELIOS_MARK: asOf }
    const packageManager = { ...family.packageManager, environment }
    const roles = Object.fromEntries(Object.keys(family.packages).map((role) => [role, []]))
    const install = async (desktop) => {
      write("_families/bench/family.json", { ...family, name: "bench", packageManager, packages: { ...roles, desktop } })
      write("bench/distro.json", { ...distro, name: "bench", family: "bench", packages: {} })
      log(`a distro of ${desktop.join(", ")}`)
      return (await call([`--distros=${folder}`, "stage", "--name=packages", "--distro=bench", "--profile=kvdi", "entries"])).commands
    }
    await install(["less"])
    const changed = await install(["bc", "less"])
    const again = await install(["bc", "less"])
    return [
      figure("package list changed: commands run", changed.length, "", { least: 1, note: changed.join("; ") }),
      figure("package list changed, called again: commands run", again.length, "", { most: 0, note: again.join("; ") }),
    ]
  })
}
