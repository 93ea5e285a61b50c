import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { describe, expect, test } from "vitest"
import { distroNames, farm, ROOT } from "../support/catalog.ts"

const read = (path: string) => readFileSync(join(ROOT, path), "utf8")

function filesBelow(folder: string, keep: RegExp): string[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return entries
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter((path) => keep.test(path) && !path.includes("node_modules"))
}

const sources = filesBelow("src", /\.ts$/)

/** Changes, and where a reader who has only the list of files should look for each. */
const changes: { change: string; where: string[] }[] = JSON.parse(read("test/fixtures/changes.json"))

describe("the rooms of the farm", () => {
  test.each(changes)("$change", ({ where }) => {
    for (const path of where) expect(statSync(join(ROOT, path)).isFile(), path).toBe(true)
  })

  test.each(["src/core", "src/verbs"])("no folder of %s holds more files than a reader takes in", (layer) => {
    const folders = sources.filter((path) => path.startsWith(`${layer}/`)).map(dirname)
    for (const folder of new Set(folders)) expect(folders.filter((other) => other === folder).length, folder).toBeLessThanOrEqual(12)
  })

  test.each([
    ...sources,
    ...filesBelow("dagger", /\/(run|demo|engine|enter|.+\.(sh|mjs|ts))$/),
    ...filesBelow("common", /\.(sh|bash|bats)$/),
    ...filesBelow("test", /\.(ts|mjs)$/),
    ...filesBelow("examples", /(?<!-lock\.json|\.gen\.go|go\.sum)$/),
  ])("%s is shorter than 200 lines", (path) => {
    if (!path.includes("/sdk/") && !path.includes("/stubs/")) expect(read(path).split("\n").length).toBeLessThanOrEqual(200)
  })

  test("no code in src/ names a distro or a family", () => {
    const { distros, families } = farm()
    const names = new RegExp(
      `\\b(${[...distros.keys(), ...families.keys(), "ubuntu", "noble", "jammy", "kali", "rocky", "alma", "arch"].join("|")})\\b`,
    )
    for (const path of sources) {
      // But for comments and an option of skopeo's.
      const code = read(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*$|--multi-arch=/gm, "")
      expect(code, path).not.toMatch(names)
    }
  })
})

describe("pins", () => {
  test("the lock names every base and every tool that is an image, and no other: to write it anew, run npm run update", async () => {
    const tools = JSON.parse(read("common/tools.json")) as { base: string; images: Record<string, string> }
    const bases = [...farm().distros.values()].map(({ base }) => base)
    const owners = [...farm().families.values(), ...farm().distros.values()]
    const toolchains = owners.flatMap(({ components }) => (components ? [components.base] : []))
    const wanted = new Set([...bases, ...toolchains, tools.base, ...Object.values(tools.images)])
    const entries = JSON.parse(read("sources.lock.json")) as { image?: string; name?: string }[]
    const pinned = new Map(entries.map((entry) => [entry.image, entry]))
    const whole = [...entries.filter(({ image }) => !image), ...[...wanted].map((image) => pinned.get(image) ?? { image, digest: null })]
    const nameOf = ({ image, name }: (typeof entries)[number]) => image ?? name ?? ""
    const sorted = whole.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
    await expect(`${JSON.stringify(sorted, null, 2)}\n`).toMatchFileSnapshot(join(ROOT, "sources.lock.json"))
  })

  const locks = ["common", "dagger", "examples"].flatMap((folder) => filesBelow(folder, /\/package-lock\.json$/))

  test.each(["package-lock.json", ...locks])("every package of %s has an integrity hash", (path) => {
    const { packages } = JSON.parse(read(path)) as { packages: Record<string, { integrity?: string }> }
    for (const [name, { integrity }] of Object.entries(packages)) if (name) expect(integrity, name).toMatch(/^sha512-/)
  })

  test("every Python package of the lab has a hash", () => {
    for (const line of read("common/smoke/lab/requirements.txt").trim().split("\n"))
      expect(line).toMatch(/^\S+==\S+ --hash=sha256:[0-9a-f]{64}$/)
  })
})

describe("data", () => {
  test("no folder of distros/ lacks its file", () => {
    expect([...farm().distros.keys()].sort()).toEqual(distroNames().sort())
  })

  test.each(filesBelow("common/overlays/kvdi-supervisord/etc/supervisor/conf.d", /\.conf$/))(
    "%s runs as the user, is restarted but for what is done once, and logs to the container",
    (path) => {
      const again = `autorestart=${basename(path) !== "autostart.conf"}`
      for (const line of ["user=%(ENV_USER)s", again, "stdout_logfile=/dev/stdout", "killasgroup=true"])
        expect(read(path)).toContain(`\n${line}\n`)
    },
  )

  const units = "common/overlays/kvdi-systemd/etc/systemd/user"

  test.each(filesBelow(units, /\/user\/[^/]+\.service$/))(
    "%s is enabled, and restarted however often it ends but for what is done once",
    (path) => {
      const again = basename(path) === "autostart.service" ? ["RemainAfterExit=yes"] : ["StartLimitIntervalSec=0", "Restart=always"]
      for (const line of [...again, "WantedBy=default.target"]) expect(read(path)).toContain(`\n${line}\n`)
      const name = basename(path)
      expect(readlinkSync(join(ROOT, units, "default.target.wants", name))).toBe(`../${name}`)
    },
  )
})
