import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { call, clean, farm, publishedImage, REGISTRY, refusedLine, room } from "../../support/farm.ts"

const BOOKWORM = ["image", "--distro=bookworm", "--profile=kvdi"]

afterAll(clean)

/** Options of a farm with a distro "mine": bookworm with xterm and another wallpaper. */
function mine(): string[] {
  const folder = room()
  const wallpaper = join(folder, "mine/root/usr/share/backgrounds")
  mkdirSync(wallpaper, { recursive: true })
  const distro = { name: "mine", extends: "bookworm", packages: { desktop: { add: ["xterm"] } } }
  writeFileSync(join(folder, "mine/distro.json"), JSON.stringify(distro))
  writeFileSync(join(wallpaper, "helios.svg"), "<svg/>")
  return [`--distros=${folder}`, "image", "--distro=mine", "--profile=kvdi"]
}

test("an image against itself has nothing", async () => {
  const said = await call([...BOOKWORM, "diff", `--from=${await publishedImage()}`], 25)
  expect(said).toMatch(/^nothing differs: the same packages and files, of 5\d\d(\.\d)? MB$/)
})

test("one package more and one file changed are named with the list of packages, and nothing else by name but what the package brings along", async () => {
  const said = await call([...mine(), "diff", `--from=${await publishedImage()}`], 25)
  const lines = said.split("\n")
  expect(lines[0]).toMatch(/^size: 5\d\d(\.\d)? MB → 5\d\d(\.\d)? MB, \+\d+(\.\d)? MB$/)
  expect(lines[1]).toMatch(/^packages: [1-9] added, 0 removed, 0 changed$/)
  expect(said).toMatch(/^\+ xterm \d\S+: \d+ added, 0 removed, 0 changed, \+\S+ MB$/m)
  expect(said).toMatch(/^~ \/usr\/share\/backgrounds\/helios\.svg \S+ (B|kB) → 6 B, -\S+ (B|kB)$/m)
  expect(said).toMatch(/^ {2}generated: \d+ added, 0 removed, \d+ changed, /m)
  const named = lines.flatMap((line) => line.match(/^[-~+] (\/\S+)/)?.[1] ?? [])
  expect(named).toEqual(["/usr/share/backgrounds/helios.svg", "/usr/share/doc/helios/packages.tsv"])
})

test("--all names each file of the package", async () => {
  const said = await call([...mine(), "diff", `--from=${await publishedImage()}`, "--all"], 25)
  expect(said).toMatch(/^\+ \/usr\/bin\/xterm \S+ kB$/m)
  expect(said).not.toMatch(/^ {2}/m)
})

test("the other way round it is removed", async () => {
  const address = `${REGISTRY}/h2/helios-kvdi:mine`
  await call([...mine(), "container", "publish", `--address=${address}`], 25)
  expect(await call([...BOOKWORM, "diff", `--from=${address}`], 25)).toMatch(/^- xterm \d\S+: 0 added, \d+ removed, 0 changed, -\S+ MB$/m)
})

test("an image that can't be compared is refused in one line", async () => {
  const address = await publishedImage()
  const other = ["image", "--distro=bookworm", "--profile=kvdi", "--platform=linux/arm64"]
  expect(refusedLine(await farm(["call", ...other, "diff", `--from=${address}`]))).toBe(
    "--from: expected an image for linux/arm64, got one for linux/amd64; --platform=linux/amd64 compares with it",
  )
})
