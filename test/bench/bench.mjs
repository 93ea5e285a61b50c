import { mkdirSync, writeFileSync } from "node:fs"
import { cpus, loadavg, release, totalmem } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { execa } from "execa"
import { boots } from "./boots.mjs"
import { unchanged } from "./calls.mjs"
import { catalogs } from "./catalogs.mjs"
import { oneLine, packageList } from "./changes.mjs"
import { chart } from "./chart.mjs"
import { COMPONENTS, components } from "./components.mjs"
import { dagger, ROOT } from "./dagger.mjs"
import { family } from "./family.mjs"
import { table } from "./figures.mjs"
import { frames } from "./frames.mjs"
import { guessing } from "./guessing.mjs"
import { images } from "./images.mjs"
import { siblings } from "./siblings.mjs"
import { size } from "./size.mjs"

// "changed" builds on the layers that "unchanged" makes.
const GROUPS = { unchanged, packages: packageList, changed: oneLine, size, boots, frames, guessing, components, family, siblings, catalogs }

const { values } = parseArgs({
  options: {
    repeats: { type: "string", default: "5" },
    boots: { type: "string", default: "20" },
    seconds: { type: "string", default: "10" },
    components: { type: "string", default: COMPONENTS.join() },
    only: { type: "string", default: Object.keys(GROUPS).join() },
  },
})
const groups = values.only.split(",")
const unknown = groups.find((name) => !GROUPS[name])
if (unknown) throw new Error(`--only=${unknown}: no such group; expected ${Object.keys(GROUPS).join(", ")}`)

const begun = new Date()
const log = (words) => console.error(`${String(Math.round((Date.now() - begun.getTime()) / 1000)).padStart(5)} s  ${words}`)
const settings = {
  repeats: Number(values.repeats),
  boots: Number(values.boots),
  seconds: Number(values.seconds),
  components: values.components.split(","),
  asOf: begun.toISOString(),
  images: (group) => images((reason) => settings.leaveOut(group, reason)),
  leaveOut: (group, reason) => report.leftOut.push({ group, reason }),
  log,
}

const git = async (...args) => (await execa("git", args, { cwd: ROOT })).stdout
const dirty = (await git("status", "--porcelain")) ? " with changes" : ""
const report = {
  date: begun.toISOString(),
  commit: `${await git("rev-parse", "--short=12", "HEAD")}${dirty}`,
  dagger: (await dagger(["version"])).stdout,
  machine: {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? "unknown",
    memory: totalmem(),
    kernel: release(),
    /** Processes that ran or waited in the minute before: figures of a busy machine are worth little. */
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
  },
  seconds: 0,
  figures: [],
  /** What can't be measured on this machine, and why. */
  leftOut: [],
  errors: [],
}

for (const [name, measure] of Object.entries(GROUPS).filter(([group]) => groups.includes(group))) {
  try {
    report.figures.push(...(await measure(settings)))
  } catch (error) {
    report.errors.push({ group: name, message: error.message })
  }
}
report.seconds = Math.round((Date.now() - begun.getTime()) / 1000)

const folder = join(ROOT, "report")
mkdirSync(folder, { recursive: true })
for (const path of [join(ROOT, "bench.json"), join(folder, "bench.json")]) writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`)
writeFileSync(join(folder, "bench.svg"), chart(report))
console.log(table(report.figures))
const over = report.figures.filter(({ ok }) => ok === false)
for (const { name, note } of over) console.log(`\nover: ${name}${note ? `\n    ${note}` : ""}`)
for (const { group, reason } of report.leftOut) console.log(`\nleft out of ${group}: ${reason}`)
for (const { group, message } of report.errors) console.log(`\nnot measured: ${group}\n    ${message.replaceAll("\n", "\n    ")}`)
console.log(`\n${report.figures.length} figures, ${over.length} over their bar, ${report.errors.length} groups not measured`)
process.exitCode = over.length || report.errors.length ? 1 : 0
