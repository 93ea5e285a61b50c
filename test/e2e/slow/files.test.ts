import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { call, clean, farm, MIRROR, NO_MIRROR, ROOT, refusedLine, room } from "../../support/farm.ts"

const ALL = /\n(\d+) files: (\d+) of packages, (\d+) of components, (\d+) generated, 0 of nobody$/

afterAll(clean)

/** Options of a farm with a distro "mine" that extends bookworm by a script, and by a program of its own. */
function scripted(script: string): string[] {
  const folder = room()
  const own = join(folder, "mine/root/usr/local/bin")
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, "mine"), "#!/bin/sh\n", { mode: 0o755 })
  writeFileSync(join(folder, "mine/distro.json"), JSON.stringify({ name: "mine", extends: "bookworm" }))
  writeFileSync(join(folder, "mine/system.sh"), `#!/bin/sh\nset -eu\n${script}`)
  return [`--distros=${folder}`, "image", "--distro=mine", "--profile=kvdi", "files"]
}

/** Sees that an account has every file, and gives its lines. */
function lines(said: string): string[] {
  const [, all, ...parts] = (said.match(ALL) ?? []).map(Number) as [number, number, ...number[]]
  expect(parts.reduce((sum, part) => sum + part)).toBe(all)
  const rows = said.split("\n").slice(0, -1)
  expect(rows).toHaveLength(all)
  expect(Math.min(...parts)).toBeGreaterThan(5)
  return rows
}

describe("every file has an owner", () => {
  test.each([
    ["bookworm", "supervisord"],
    ["bookworm", "systemd"],
    ["trixie", "supervisord"],
    ["sid", "supervisord"],
  ])("kvdi %s %s", async (distro, init) => {
    const rows = lines(await call(["image", `--distro=${distro}`, "--profile=kvdi", `--init=${init}`, "files"], 30))
    expect(rows).toContain("/usr/bin/xfwm4\tpackage xfwm4")
    expect(rows).toContain("/usr/local/bin/kvdi-init\tcomponent helios")
    expect(rows.filter((row) => row.includes("\tpackage dash")).map((row) => row.split("\t")[0])).toContain("/usr/bin/sh")
  })

  test.skipIf(!MIRROR)(`helios bookworm${MIRROR ? "" : `, ${NO_MIRROR}`}`, async () => {
    const rows = lines(await call([`--mirror=${MIRROR}`, "image", "--distro=bookworm", "--profile=helios", "files"], 45))
    for (const row of [
      "/usr/local/bin/Xvnc\tcomponent xorg",
      "/usr/sbin/nginx\tpackage nginx",
      "/usr/local/bin/helios-init\tcomponent helios",
    ])
      expect(rows.map((line) => line.slice(0, row.length))).toContain(row)
  })
})

test("what root/ brings is the farm's, and what was put aside still its package's", async () => {
  const rows = lines(await call(scripted("dpkg-divert --local --rename --add /usr/bin/xauth\n"), 20))
  expect(rows).toContain("/usr/local/bin/mine\tcomponent helios")
  expect(rows).toContain("/usr/bin/xauth.distrib\tpackage xauth")
})

const PLANT = `cp /usr/bin/true /usr/local/bin/planted
ln -s /usr/local/bin/planted /usr/bin/planted
printf '#!/bin/sh\\n' >/var/cache/fontconfig/planted.sh
chmod 755 /var/cache/fontconfig/planted.sh
install -m 644 /usr/bin/true "/usr/share/mime/plant ed"
`

/** What generated.json says may be made in a folder, as refusals quote it. */
function patternOf(folder: string): string {
  const all: { paths: string }[] = JSON.parse(readFileSync(join(ROOT, "common/generated.json"), "utf8"))
  return all.find(({ paths }) => paths.includes(folder))?.paths ?? ""
}

test("programs beside packages are told of, and those that pass for generated", async () => {
  const line = refusedLine(await farm(["call", ...scripted(PLANT)], 20))
  const [, named = ""] = line.match(/^helios-kvdi mine supervisord: 4 of \d+ files belong to nobody: (.+?); let a package or /) ?? []
  expect(named.split(", /").sort(), line).toEqual([
    "/usr/bin/planted",
    "usr/local/bin/planted",
    "usr/share/mime/plant ed (a program, which /usr/share/mime/** may not be)",
    `var/cache/fontconfig/planted.sh (a program, which ${patternOf("/var/cache/")} may not be)`,
  ])
})
