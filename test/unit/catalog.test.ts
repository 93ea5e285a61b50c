import { describe, expect, test } from "vitest"
import { findDistro } from "../../src/core/catalog/catalog.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { farm, pins } from "../support/catalog.ts"

const bookworm = (more: Record<string, unknown>) => ({ name: "mine", extends: "bookworm", ...more })

describe("a bad distro is refused with file, field, what was expected and what was got", () => {
  const cases: [what: string, files: Record<string, unknown>, message: RegExp][] = [
    ["no JSON", { "mine/distro.json": "{" }, /^distros\/mine\/distro\.json: expected JSON, got /],
    ["a number for a name", { "mine/distro.json": { name: 7 } }, /^distros\/mine\/distro\.json: name: expected string, got 7$/],
    [
      "another name than its folder's",
      { "mine/distro.json": { name: "yours", extends: "sid" } },
      /name: expected "mine" like its folder, got "yours"$/,
    ],
    ["an unknown field", { "mine/distro.json": bookworm({ colour: "red" }) }, /the file: unknown field "colour"$/],
    [
      "no base",
      { "mine/distro.json": { name: "mine", title: "M", family: "debian", eol: null, profiles: {} } },
      /base: expected string, got nothing$/,
    ],
    [
      "a base without a tag",
      { "mine/distro.json": bookworm({ base: "debian" }) },
      /base: expected an image with its tag, such as NAME:TAG or HOST:PORT\/NAME:TAG, got "debian"$/,
    ],
    ["a date that is none", { "mine/distro.json": bookworm({ eol: "soon" }) }, /eol: expected a date such as 2028-06-30, got "soon"$/],
    [
      "an unknown family",
      { "mine/distro.json": { ...bookworm({}), extends: undefined, title: "M", family: "gentoo", base: "a:b", eol: null, profiles: {} } },
      /family: expected one of .*debian.*, got "gentoo"$/,
    ],
    [
      "an unknown init",
      { "mine/distro.json": bookworm({ profiles: { kvdi: { inits: ["upstart"], budget: 1 } } }) },
      /profiles\.kvdi\.inits\[0\]: expected one of supervisord, systemd, got "upstart"$/,
    ],
    [
      "a budget of nothing",
      { "mine/distro.json": bookworm({ profiles: { kvdi: { inits: ["supervisord"], budget: 0 } } }) },
      /profiles\.kvdi\.budget: .*, got 0$/,
    ],
    [
      "a role that the family lacks",
      { "mine/distro.json": bookworm({ packages: { music: { add: ["mpd"] } } }) },
      /packages\.music: expected a role of debian: audio, components, desktop/,
    ],
    [
      "a package name with a shell's mark",
      { "mine/distro.json": bookworm({ packages: { desktop: { add: ["a;reboot"] } } }) },
      /packages\.desktop\.add\[0\]: expected a package name, got "a;reboot"$/,
    ],
    [
      "a package name that is an option",
      { "mine/distro.json": bookworm({ packages: { desktop: { add: ["-oX=y"] } } }) },
      /packages\.desktop\.add\[0\]: expected a package name/,
    ],
    [
      "a profile that its family can't compile for",
      { "mine/distro.json": { name: "mine", extends: "arch", profiles: { helios: { inits: ["s6"], budget: 900 } } } },
      /^distros\/mine\/distro\.json: profiles\.helios: expected none, since distros\/_families\/arch\/family\.json has no "components" /,
    ],
    [
      "nothing to extend",
      { "mine/distro.json": { name: "mine", extends: "hamm" } },
      /extends: expected one of .*bookworm.*mine.*, got "hamm"$/,
    ],
    [
      "a cycle",
      { "mine/distro.json": { name: "mine", extends: "yours" }, "yours/distro.json": { name: "yours", extends: "mine" } },
      /extends: expected no cycle, got mine → yours → mine$/,
    ],
    [
      "two families",
      { "mine/distro.json": bookworm({ family: "suse" }) },
      /family: expected "debian" like bookworm, which it extends, got "suse"$/,
    ],
    [
      "a family of another name",
      { "_families/suse/family.json": { name: "zypper" } },
      /^distros\/_families\/suse\/family\.json: packageManager: expected object, got nothing$/,
    ],
  ]
  test.each(cases)("%s", (_, files, message) => {
    expect(() => farm(files)).toThrow(message)
  })
})

test("an unknown distro is answered with the valid ones", () => {
  expect(() => findDistro(farm(), "nope")).toThrow(
    `--distro=nope: no such distro; expected one of ${[...farm().distros.keys()].sort().join(", ")}`,
  )
})

test("a distro that extends another states only what differs", () => {
  const from = farm({
    "mine/distro.json": bookworm({ title: "Mine", packages: { desktop: { add: ["xterm"], remove: ["thunar"] } } }),
    "mine/system.sh": "true\n",
    "mine/root/etc/motd": "hello\n",
  })
  const mine = plan(from, pins(), { distro: "mine", platform: "linux/amd64" })
  const parent = plan(from, pins(), { distro: "bookworm", platform: "linux/amd64" })
  expect(mine.base).toEqual(parent.base)
  expect(mine.packages).toEqual([...parent.packages.filter((name) => name !== "thunar"), "xterm"].sort())
  expect(mine.scripts).toEqual(["distros/mine/system.sh"])
  expect(mine.overlays).toEqual([...parent.overlays, "distros/mine/root"])
})

test("a distro that extends another has not been measured by that", () => {
  const { distros } = farm({ "mine/distro.json": bookworm({}) })
  expect([distros.get("bookworm"), distros.get("mine")].map((one) => Object.keys(one?.profiles.helios?.size ?? {}))).toEqual([["s6"], []])
})

describe("a distro that extends one with changes of its own", () => {
  const key = { path: "/etc/apt/keyrings/mine.asc", url: "https://example.org/key.asc", fingerprint: "A".repeat(40) }
  const from = farm({
    "mine/distro.json": bookworm({
      packages: { helios: { add: ["libssl4", "nano"], remove: ["libssl3"] }, desktop: { add: ["xterm"] } },
      keys: [key],
    }),
    "ours/distro.json": {
      name: "ours",
      extends: "mine",
      packages: { helios: { add: ["htop"], remove: ["nano"] } },
      keys: [{ ...key, path: "/etc/apt/keyrings/ours.asc" }],
    },
    "theirs/distro.json": { name: "theirs", extends: "mine", packages: { helios: { add: ["libssl3"], remove: ["libssl4"] } } },
  })
  const planned = (distro: string) => plan(from, pins(), { distro, platform: "linux/amd64" })

  test("keeps them where it says nothing else", () => {
    const { packages } = planned("ours")
    for (const name of ["libssl4", "htop", "xterm"]) expect(packages).toContain(name)
    for (const name of ["libssl3", "nano"]) expect(packages).not.toContain(name)
  })

  test("takes them back where it does", () => {
    const { packages } = planned("theirs")
    expect(packages).toContain("libssl3")
    expect(packages).not.toContain("libssl4")
  })

  test("has its keys beside its own", () =>
    expect(planned("ours").archives.keys.map(({ path }) => path)).toEqual([key.path, "/etc/apt/keyrings/ours.asc"]))
})
