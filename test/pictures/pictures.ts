import { readFileSync } from "node:fs"
import { join } from "node:path"
import { drawCosts } from "../support/costs.ts"
import { call, failures, MIRROR, ROOT, room, smokeCall } from "../support/farm.ts"
import { drawFleet } from "../support/kube/fleet.ts"
import { byPublicKey, makeTrust, release } from "../support/releases/released.ts"

const HELIOS = [...(MIRROR ? [`--mirror=${MIRROR}`] : []), "image", "--distro=bookworm"]
const KVDI = ["image", "--distro=bookworm", "--profile=kvdi"]
/** A release of the desktops that the repository among the examples has for VDI controllers. */
const RELEASED = {
  distros: join(ROOT, "examples/studio/distros"),
  which: ["--distro=paint,review", "--profile=kvdi"],
  ref: `refs/tags/v${(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version}`,
}
const LONG = 90

/** The documents' pictures by the names of their files, each with what makes it at a path, by the farm's own calls. */
export const PICTURES: Record<string, (path: string) => Promise<unknown>> = {
  "helios.png": (path) => call([...HELIOS, "screenshot", `--output=${path}`], LONG),
  "kvdi.png": (path) => call([...KVDI, "screenshot", `--output=${path}`], LONG),
  "4k.png": (path) => call([...HELIOS, "screenshot", "--size=3840x2160", `--output=${path}`], LONG),
  "graph.svg": (path) => call(["graph", "--distro=bookworm", `--output=${path}`]),
  "costs.svg": (path) => drawCosts(join(ROOT, "docs/data/costs.json"), path),
  "fleet.svg": (path) => drawFleet(join(ROOT, "docs/data/fleet.json"), path),
  "smoke.png": async (path) => {
    const report = join(room(), "report")
    await call([...smokeCall("bookworm"), "files", "export", `--path=${report}`], LONG)
    const failed = failures(JSON.parse(readFileSync(join(report, "smoke.json"), "utf8")))
    if (failed.length) throw new Error(`nobody learns from a picture of what failed: ${failed.join("\n")}`)
    await draw(join(report, "smoke.html"), path, 1080, 1200)
  },
  "release.png": async (path) => {
    await call(await release(RELEASED), LONG)
    const report = join(room(), "report")
    await call(await release({ ...RELEASED, signed: byPublicKey(await makeTrust()) }, ["report", "export", `--path=${report}`]), LONG)
    await draw(join(report, "report.html"), path, 1200, 1400)
  },
}

/** Draws the upper part of a page, as a browser of that size shows it. */
function draw(page: string, path: string, width: number, height: number): Promise<string> {
  return call(["--mod=dagger/dev", "picture", `--page=${page}`, `--width=${width}`, `--height=${height}`, `--output=${path}`])
}
