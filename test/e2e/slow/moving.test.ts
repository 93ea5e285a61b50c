import { existsSync, lstatSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { HELIOS_0, type Home, KASM, LINUXSERVER, layHome } from "../../support/desktop/homes.ts"
import { contentsOf, Moved } from "../../support/desktop/moved.ts"
import { LIMITS, must, podman, pulledImage, removeBoxes } from "../../support/desktop/podman.ts"
import { HELIOS_RUNS, KVDI_RUNS } from "../../support/desktop/profiles.ts"
import { clean, MINUTE, MIRROR, need } from "../../support/farm.ts"

beforeAll(async () => {
  await need("import", ["imagemagick"])
  await need("xdotool", ["xdotool"])
})
afterEach(removeBoxes)
afterAll(clean)

const USER: [number, number] = [1000, 1000]
const SETTINGS = ".config/xfce4/xfconf/xfce-perchannel-xml"
const COPY = ".before-helios"
const VALUE = /type="(string|int|bool)" value="[^"]+"/g

/** What is made to fit in each home, as the log has it. */
const FITTED: [Home, RegExp[]][] = [
  [LINUXSERVER, [/^xfce4-panel\.xml: .* plugin pulseaudio, so it is left out/, /^xfce4-desktop\.xml: the wallpaper \S+ isn't there/]],
  [HELIOS_0, [/^xfce4-panel\.xml: .* whiskermenu, so applicationsmenu is in its place/, /^xfce4-desktop\.xml: the wallpaper/]],
  [
    KASM,
    [
      /^xfce4-panel\.xml: .* power-manager-plugin, so it is left out/,
      /^xfce4-panel\.xml: the picture \S+ isn't there/,
      /^xfce4-desktop\.xml/,
    ],
  ],
]

describe.each([KVDI_RUNS, ...(MIRROR ? [HELIOS_RUNS] : [])])("$name with a home that another image filled", (runs) => {
  test.each(FITTED.map(([home, lines]) => [home.name, home, lines] as const))(
    "%s: panel, menu and wallpaper are shown, its files stay, and the next start changes nothing",
    async (_, home, lines) => {
      const folder = layHome(home, USER)
      const moved = await Moved.boot(await pulledImage(runs.name), runs, folder)
      await moved.showsDesktop()
      await moved.opensMenu()
      expect(await moved.told()).toEqual(lines.map((line) => expect.stringMatching(line)))
      await moved.stop()
      const after = contentsOf(folder)
      for (const [path, text] of Object.entries({ ...home.files, ...home.links })) {
        if (path === ".Xauthority") continue
        const isFitted = existsSync(join(folder, path + COPY))
        // Programs add to their own settings what they had by default.
        if (path.startsWith(SETTINGS) && !isFitted) for (const [value] of text.matchAll(VALUE)) expect(after[path], path).toContain(value)
        else expect(after[isFitted ? path + COPY : path], path).toBe(text)
      }
      expect(Object.keys(after).filter((path) => path.endsWith(COPY))).toEqual(
        ["xfce4-desktop", "xfce4-panel"].map((name) => `${SETTINGS}/${name}.xml${COPY}`),
      )
      for (const path of readdirSync(folder, { recursive: true }))
        expect(lstatSync(join(folder, String(path))).uid, String(path)).toBe(1000)
      await moved.start()
      await moved.showsDesktop()
      expect(await moved.told()).toHaveLength(lines.length)
      await moved.stop()
      expect(contentsOf(folder)).toEqual(after)
    },
    90 * MINUTE,
  )

  test.each([
    ["kasm", KASM, "Desktop/Uploads/sent.txt", "sent"],
    ["linuxserver", LINUXSERVER, "/config/notes.txt", "mine"],
  ] as const)(
    "%s: at the place that the home had, what names it is right",
    async (_, home, path, text) => {
      const moved = await Moved.boot(await pulledImage(runs.name), runs, layHome(home, [1000, home.owner[1]]), home.place)
      await moved.showsDesktop()
      expect(await moved.asUser("cat", path)).toBe(text)
    },
    90 * MINUTE,
  )

  test(
    "a home of user 911 ends the container with a line, and what that says makes it the user's",
    async () => {
      const folder = layHome(LINUXSERVER, LINUXSERVER.owner)
      const image = await pulledImage(runs.name)
      const volume = `--volume=${folder}:/home/bob`
      const before = contentsOf(folder)
      const plain = ["run", "--rm", "--network=none", ...LIMITS, volume]
      const { stderr, exitCode } = await podman([...plain, "--env=USER=bob", "--env=UID=1000", ...runs.options, image])
      expect([exitCode, stderr.trim().split("\n")]).toEqual([
        64,
        [expect.stringMatching(/^helios: \/home\/bob can't be written to by user 1000 .* of user 911, group 911.* chown -/)],
      ])
      expect(contentsOf(folder)).toEqual(before)
      const [, ...words] = stderr.match(/(chown) (--recursive) (--no-dereference) (1000:1000) on its volume/)?.slice(1) ?? []
      await must([...plain, "--entrypoint=chown", image, ...words, "/home/bob"])
      await (await Moved.boot(image, runs, folder)).showsDesktop()
    },
    90 * MINUTE,
  )
})
