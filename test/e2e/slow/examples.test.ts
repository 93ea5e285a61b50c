import { existsSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { PATH, ran } from "../../support/examples.ts"
import { call, clean, MIRROR, NO_MIRROR, promisesOf, REGISTRY, ROOT } from "../../support/farm.ts"

afterAll(clean)

/** How the summary of a smoke test ends in which every promise was kept. */
const kept = (profile: string, init: string) => RegExp(`^${promisesOf(profile, init).length} passed, 0 failed, 0 skipped$`, "m")
const KVDI = kept("kvdi", "supervisord")
const HELIOS = kept("helios", "s6")

describe("a module in TypeScript that depends on the farm", () => {
  test("lists what the farm builds", async () => {
    expect(await ran("dagger/run call --mod=examples/typescript desktops")).toBe(await call(["distros", "summary"]))
  })

  test("proves an image of its own: a VNC server", async () => {
    expect(await ran("dagger/run call --mod=examples/typescript --profile=kvdi smoke --distro=bookworm")).toMatch(KVDI)
  })

  test.skipIf(!MIRROR)(`and a desktop in the browser${MIRROR ? "" : `, ${NO_MIRROR}`}`, async () => {
    const line = "dagger/run call --mod=examples/typescript smoke --distro=bookworm"
    expect(await ran(line.replace(" smoke", ` --mirror=${MIRROR}$&`))).toMatch(HELIOS)
  })

  test("which has what it added", async () => {
    const container = ["--mod=examples/typescript", "--profile=kvdi", "container", "--distro=bookworm"]
    expect(await call([...container, "with-exec", "--args=dpkg-query,--show,gpick", "stdout"])).toMatch(/^gpick\t\d/)
  })
})

describe("scripts that call the farm", () => {
  test("push an image of their own, and prove what the registry has", async () => {
    const [pushed, ...summary] = (await ran("PROFILE=kvdi examples/shell/extend bookworm registry/desk:1")).split("\n")
    expect(pushed).toMatch(RegExp(`^${REGISTRY}/${PATH}/desk:1@sha256:[0-9a-f]{64}$`))
    expect(summary.join("\n")).toMatch(KVDI)
  })

  test("leave the reports of smoke tests", async () => {
    expect(await ran("PROFILE=kvdi examples/shell/report report bookworm")).toMatch(/^bookworm: \d+ passed, 0 failed, 0 skipped$/)
    for (const name of ["smoke.html", "smoke.xml", "smoke.json", "desktop.png"])
      expect(existsSync(join(ROOT, "report/bookworm", name)), name).toBe(true)
  })
})
