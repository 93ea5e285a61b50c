import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { execaSync } from "execa"
import { afterAll, beforeEach, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"
import { HELIOS_0 } from "../support/desktop/homes.ts"
import { panel, pictured, property } from "../support/desktop/xfconf.ts"

const room = mkdtempSync(join(tmpdir(), "helios-fit-"))
afterAll(() => rmSync(room, { recursive: true }))

const PLUGINS = ["applicationsmenu", "separator", "tasklist", "clock"]
const program = join(room, "fit-settings")
mkdirSync(join(room, "plugins"))
for (const plugin of PLUGINS) writeFileSync(join(room, "plugins", `${plugin}.desktop`), "")
writeFileSync(join(room, "R&D's.svg"), "")
const text = readFileSync(join(ROOT, "common/overlays/all/usr/local/lib/helios/bin/fit-settings"), "utf8")
writeFileSync(program, text.replace(/^plugins=.*/m, `plugins=${room}/plugins`))

let home = ""
beforeEach(() => {
  home = mkdtempSync(join(room, "home-"))
})

const SETTINGS = ".config/xfce4/xfconf/xfce-perchannel-xml"
const settings = (name = "") => join(home, SETTINGS, name)
const read = (name: string) => readFileSync(settings(name), "utf8")

function lay(files: Record<string, string>): void {
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), contents)
  }
}

/** Runs it in that home, with programs to start or none: what it said, a line each, without the way to the settings. */
function fit(path = process.env.PATH): string[] {
  const environment = { PATH: path, HOME: home, LC_ALL: "C" }
  const { stdout, stderr, exitCode } = execaSync("/bin/bash", [program], {
    env: environment,
    extendEnv: false,
    reject: false,
    timeout: 20_000,
  })
  expect([exitCode, stdout]).toEqual([0, ""])
  return stderr.replaceAll(`helios: ${settings()}/`, "").split("\n").filter(Boolean)
}

const onDisplay = (name: string) => panel("p=8;x=0;y=0", 36, ["applicationsmenu", "clock"], [property("output-name", name)])

test("a home that fits stays as it is, and no program is started for it", () => {
  lay({ ...onDisplay("VNC-1"), ...pictured(`${room}/R&amp;D&apos;s.svg`, "VNC-0") })
  expect(fit("/nowhere")).toEqual([])
  expect(readdirSync(settings()).sort()).toEqual(["xfce4-desktop.xml", "xfce4-panel.xml"])
})

test("one without settings is one that fits", () => expect(fit("/nowhere")).toEqual([]))

test.each(["", "Automatic", "Primary", "monitor-0", "VNC-0"])('"%s" is a display', (name) => {
  lay(onDisplay(name))
  expect(fit("/nowhere")).toEqual([])
})

test("a display that isn't there is forgotten, and nothing else of the panel", () => {
  const [[path = "", before = ""] = []] = Object.entries(onDisplay("DP-2"))
  lay({ [path]: before })
  expect(fit()).toEqual([
    "xfce4-panel.xml: no display is called DP-2, so the panel is on the first one; as it was, it is in xfce4-panel.xml.before-helios",
  ])
  expect(read("xfce4-panel.xml")).toBe(before.replace(/.*output-name.*\n/, ""))
  expect(read("xfce4-panel.xml.before-helios")).toBe(before)
  expect(fit("/nowhere")).toEqual([])
})

test("plugins that the image lacks are left out, and the menu is another; what no panel has is nobody's business", () => {
  lay(panel("p=8;x=0;y=0", 36, ["whiskermenu", "docklike", "clock"]))
  lay({ [`${SETTINGS}/xfce4-panel.xml`]: read("xfce4-panel.xml").replace("</channel>", `${property("plugin-9", "weather")}\n</channel>`) })
  expect(fit().map((line) => line.replace(/; as it was.*/, ""))).toEqual([
    "xfce4-panel.xml: the image lacks the panel's plugin docklike, so it is left out",
    "xfce4-panel.xml: the image lacks the panel's plugin whiskermenu, so applicationsmenu is in its place",
  ])
  const ids = [...read("xfce4-panel.xml").matchAll(/<value type="int" value="(\d+)"\/>/g)].map(([, id]) => id)
  expect(ids).toEqual(["1", "1", "3"])
  expect(read("xfce4-panel.xml")).toContain('name="plugin-1" type="string" value="applicationsmenu"')
})

test("a picture that many workspaces have is told once", () => {
  lay(pictured("/nowhere/a.png", "VNC-0", "VNC-1"))
  expect(fit()).toHaveLength(1)
  expect(read("xfce4-desktop.xml")).not.toContain("last-image")
  expect(read("xfce4-desktop.xml")).toContain("image-style")
})

test("a later misfit takes no copy's place, and a file keeps its mode", () => {
  lay(onDisplay("DP-1"))
  chmodSync(settings("xfce4-panel.xml"), 0o600)
  fit()
  lay(onDisplay("DP-2"))
  fit()
  expect(read("xfce4-panel.xml.before-helios")).toContain("DP-1")
  expect(read("xfce4-panel.xml.before-helios.2")).toContain("DP-2")
  expect(readdirSync(settings())).toHaveLength(3)
  for (const name of readdirSync(settings())) expect(statSync(settings(name)).mode & 0o777, name).toBe(0o600)
})

test("a link stays one, and what it leads to is made to fit", () => {
  lay(onDisplay("DP-1"))
  const real = join(home, "panel.xml")
  writeFileSync(real, read("xfce4-panel.xml"))
  rmSync(settings("xfce4-panel.xml"))
  symlinkSync(real, settings("xfce4-panel.xml"))
  expect(fit()).toHaveLength(1)
  expect(lstatSync(settings("xfce4-panel.xml")).isSymbolicLink()).toBe(true)
  expect(readFileSync(real, "utf8")).not.toContain("DP-1")
})

test("a pipe isn't waited for, and what is too large for settings is none", () => {
  lay({ [`${SETTINGS}/xfce4-desktop.xml`]: `${Object.values(pictured("/nowhere/a.png", "VNC-0"))}${" ".repeat(600_000)}` })
  execaSync("mkfifo", [settings("xfce4-panel.xml")])
  expect(fit()).toEqual([])
})

test("what can't be changed stays, with what of it doesn't fit", () => {
  lay(onDisplay("DP-1"))
  const before = read("xfce4-panel.xml")
  mkdirSync(settings("xfce4-panel.xml.new"))
  expect(fit()).toEqual(["xfce4-panel.xml can't be changed, so it stays as it is, though no display is called DP-1"])
  expect(read("xfce4-panel.xml")).toBe(before)
  expect(readdirSync(settings())).toEqual(["xfce4-panel.xml", "xfce4-panel.xml.new"])
})

test("names are told as text", () => {
  lay(onDisplay("DP-\u001b[31m"))
  expect(fit()[0]).toContain("no display is called DP-?[31m,")
})

test("what is in the panel of a home of Helios 0.x is written so that it fits here", () => {
  lay(HELIOS_0.files)
  expect(fit()).toHaveLength(2)
  expect(fit("/nowhere")).toEqual([])
})
