import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execaSync } from "execa"
import { afterAll, beforeEach, describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const LIBRARY = join(ROOT, "common/overlays/all/usr/local/lib/helios")
const room = mkdtempSync(join(tmpdir(), "helios-places-"))
afterAll(() => rmSync(room, { recursive: true }))

/** What takes the place of programs that only root may use; they tell what they were asked, and everybody's folders are root's. */
const STANDING_IN = `
is_root() { true; }
as_that_user() { case $1 in /*) shift; sh ${LIBRARY}/bin/fill-home "$@" ;; *) "$@" ;; esac; }
chown() { echo "chown $*" >&3; }
stat() { case $2 in %u:%g:%a) echo "\${SEEN:-0:0:755}" ;; '%u %g') echo "\${OWNER:-0 0}" ;; *) command stat "$@" ;; esac; }
roots_alone() { true; }
USER=bob UID_OF=1000 GID=1000
`

/** Runs lines of a shell that knows an image's functions: what they printed, errors included. */
function run(lines: string, environment: Record<string, string> = {}, shell = "sh"): { said: string; code: number } {
  const sources = ["environment", "folders", "groups", "home", "locale"].map((name) => `. ${LIBRARY}/${name}.sh`).join("\n")
  const { stdout, exitCode = 1 } = execaSync(shell, ["-c", `exec 3>&1 2>&1; set -eu\n${sources}\n${STANDING_IN}\n${lines}`], {
    env: { PATH: process.env.PATH, UID: "1000", LC_ALL: "C", ...environment },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  })
  return { said: stdout.replaceAll(room, ""), code: exitCode }
}

describe("find_mounts", () => {
  const mounts = ["/", "/proc", "/home", "/home/bob/.config/a", "/home/bob/with\\040space", "/home/bobby", "/home/bob/new\\012line"].join(
    "\n",
  )
  const found = (path: string) => run(`mounts='${mounts}'; find_mounts ${path}; printf '%s|%s' "$mount_at" "$mounts_below"`).said

  test.each([
    ["/home/bob", "/home|/home/bob/.config/a\n/home/bob/with space\n"],
    ["/home", "/home|/home/bob/.config/a\n/home/bob/with space\n/home/bobby\n"],
    ["/home/bob/.config/a/b", "/home/bob/.config/a|"],
    ["/tmp/.X11-unix", "|"],
  ])("knows what %s lies on and what lies below it", (path, expected) => {
    expect(found(path).trimEnd()).toBe(expected.trimEnd())
  })
})

describe("settle_home", () => {
  let home = ""
  beforeEach(() => {
    home = mkdtempSync(join(room, "home-"))
    chmodSync(home, 0o755)
  })
  const settled = (mounts: string[], environment = {}) =>
    run(`home=${home}; mounts='/\n${mounts.map((place) => home + place).join("\n")}'; make_home`, environment).said.replaceAll(
      home.replace(room, ""),
      "~",
    )

  test("gives the way to a volume, a volume that is empty, and nothing of one that isn't", () => {
    for (const folder of [".config/mine", "full"]) mkdirSync(join(home, folder), { recursive: true })
    writeFileSync(join(home, "full/kept"), "")
    expect(settled(["/.config/mine", "/full"]).split("\n")).toEqual(["chown -h 1000:1000 ~", "chown 1000:1000 .", "chown 1000:1000 ."])
    expect(existsSync(join(home, ".bashrc"))).toBe(existsSync("/etc/skel/.bashrc"))
    expect(settled(["/.config/mine"], { SEEN: "0:0:1755" }), "as crun makes it").toMatch(/ ~\nchown 1000:1000 \.\nchown/)
  })

  test("makes a home on the volume above it, once what leads there is looked at", () => {
    const above = home.replace(room, "")
    expect(run(`home=${home}/bob; mounts='/\n${home}'; let_pass() { above=''; }; make_home; ls -a ${home}`).said).toMatch(
      new RegExp(`^chown -h 1000:1000 ${above}/bob\n(?:.*\n)*bob$`),
    )
  })

  test("gives nothing by a link, and nothing that runtimes don't make", () => {
    mkdirSync(join(home, "real/inner"), { recursive: true })
    execaSync("ln", ["-s", "real", join(home, "way")])
    expect(settled(["/way/inner"])).toBe("chown -h 1000:1000 ~")
    expect(settled(["/real/inner"], { SEEN: "0:0:700" })).toBe("chown -h 1000:1000 ~")
  })

  test("takes lost+found for nothing, and any other file for a home that is in use", () => {
    mkdirSync(join(home, "lost+found"))
    settled([""])
    const filled = readdirSync(home)
    expect(filled.length).toBe(1 + readdirSync("/etc/skel").length)
    rmSync(home, { recursive: true })
    mkdirSync(home)
    writeFileSync(join(home, "notes"), "")
    settled([""])
    expect(readdirSync(home)).toEqual(["notes"])
  })

  test("leaves a volume of somebody else's as it is, and a group's volume to its group", () => {
    writeFileSync(join(home, "notes"), "")
    expect(settled([""], { OWNER: "4321 4321" })).toBe("")
    expect(settled([], { OWNER: "4321 4321" })).toBe("chown -h 1000:1000 ~")
    expect(settled([""], { OWNER: "0 5000" })).toBe("chown -h 1000 ~")
    expect(settled([""], { OWNER: "1000 1000" })).toBe("")
  })
})

test.each([
  ["can't be entered", 3],
  ["can't be written to", 4],
])("a home that %s is refused in a line that names it", (what, code) => {
  const { said, code: ended } = run(
    `home=/home/bob; mounts=/; own_home() { :; }; let_pass() { :; }; try_home() { return ${code}; }; settle_home fill`,
  )
  expect([ended, said]).toEqual([64, expect.stringMatching(new RegExp(`^helios: /home/bob ${what} by user 1000.*expected .*$`))])
})

test("choose_home takes places for homes, and none of the system's", () => {
  const chosen = (asked: string) => run(`choose_home '${asked}'; echo "$home"`).said
  for (const none of ["", "/", "/root", "/home/bob"]) expect(chosen(none)).toBe("/home/bob")
  for (const good of ["/net/homes/bob", "/data", "/var/home/bob", "/mnt/A-b_c@d+1"]) expect(chosen(good)).toBe(good)
  for (const bad of ["/etc", "/usr/local", "/var/lib", "/run/x", "home", "/a//b", "/a/../b", "/a/", "/a b", "/a:b", "/home"])
    expect(chosen(bad)).toMatch(/^helios: HOME='.*': expected a folder for homes/)
})

test("find_given_groups takes what comes from outside, but for root's own and the system's", () => {
  const status = (numbers: string) => `printf 'Name:\\tsh\\nGroups:\\t${numbers} \\n' >${room}/status`
  const given = (numbers: string, isRoot = true) =>
    run(
      `${status(numbers)}; is_root() { ${isRoot}; }; id() { echo "0 2000"; }; getent() { case $2 in 8) echo mail:x:8: ;; 44) echo video:x:44: ;; esac; }
eval "$(sed -n '/^find_given_groups() {/,/^}/p' ${LIBRARY}/groups.sh | sed 's#/proc/$1/status#${room}/status#')"
unnumbered() { echo yes; }
find_given_groups 1; is_root || user_groups=$given_groups; echo "$user_groups"`,
    ).said
  expect(given("0")).toBe("--groups=1000")
  expect(given("0 1000 5000 44 2000")).toBe("--groups=1000,5000,44")
  expect(given("8 5000")).toMatch(/^helios: group 8 is left out: it is mail here.*\n--groups=1000,5000$/)
  expect(given("0 65534")).toBe("--keep-groups")
  expect(given("0 8 5000", false), "who isn't root has them all, and names them").toBe(" 8 5000")
})

test.each(["dash", "bash"])("forget_empty and the locale, in %s", (shell) => {
  const settled = (environment: Record<string, string>) =>
    run(
      `locale=\${ASKED-}; forget_empty LANG TZ; check_locale; settle_locale; echo "$LANG \${locale:-none} \${TZ-none} \${LC_TIME-none}"`,
      environment,
      shell,
    ).said.split("\n")
  expect(settled({ LANG: "", TZ: "" })).toEqual(["C.UTF-8 none none none"])
  expect(settled({ LANG: "C", ASKED: "C.utf8", TZ: "CET-1CEST" })).toEqual(["C C.utf8 CET-1CEST none"])
  expect(settled({ ASKED: "xx_XX.UTF-8" })).toEqual([expect.stringMatching(/^helios: LC_ALL=xx_XX/), "C.UTF-8 C.UTF-8 none none"])
  expect(settled({ LC_TIME: "xx_XX.UTF-8" })).toEqual([expect.stringMatching(/^helios: LC_TIME=xx_XX/), "C.UTF-8 none none none"])
  expect(settled({ TZ: "Europe/Nowhere" })).toEqual([expect.stringMatching(/^helios: TZ=Europe\/Nowhere/), "C.UTF-8 none none none"])
})
