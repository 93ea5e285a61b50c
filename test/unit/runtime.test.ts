import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { execaSync } from "execa"
import { afterAll, beforeEach, describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const OVERLAYS = join(ROOT, "common/overlays")
const LIBRARY = join(OVERLAYS, "all/usr/local/lib/helios")
const room = mkdtempSync(join(tmpdir(), "helios-runtime-"))
afterAll(() => rmSync(room, { recursive: true }))

/** Runs lines of a shell that knows an image's functions: what they printed, and their end. */
function run(lines: string) {
  const sources = [join(LIBRARY, "environment.sh"), join(LIBRARY, "folders.sh"), join(OVERLAYS, "kvdi/usr/local/lib/helios/display.sh")]
  const { stdout, stderr, exitCode } = execaSync("sh", ["-c", `set -eu\n${sources.map((file) => `. ${file}`).join("\n")}\n${lines}`], {
    env: { PATH: process.env.PATH },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  })
  return { stdout, stderr, exitCode }
}

describe("require_calls", () => {
  test("lets a runtime pass that allows what the image needs", () =>
    expect(run("require_calls")).toMatchObject({ stderr: "", exitCode: 0 }))

  test("refuses one that forbids to ask whether a file may be read, in one line", () => {
    const { stderr, exitCode } = run("test() { return 1; }\nrequire_calls")
    expect(exitCode).toBe(64)
    expect(stderr).toMatch(/^helios: the runtime's seccomp profile forbids [^\n]*faccessat2[^\n]*: expected [^\n]*$/)
  })
})

describe("keep_cookie", () => {
  let home = ""
  beforeEach(() => {
    home = mkdtempSync(join(room, "home-"))
  })
  const cookie = (by = "made") => {
    const { exitCode, stderr } = run(`as_that_user() { "$@"; }; by=''; make_cookie ${room}/${by}; keep_cookie ${room}/${by} ${home}`)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" })
    return readFileSync(join(room, by))
  }
  const kept = () => readFileSync(join(home, ".Xauthority"))

  test("puts the cookie where programs look that know the home alone, for nobody else's eyes", () => {
    expect(cookie()).toEqual(kept())
    expect(statSync(join(home, ".Xauthority")).mode & 0o777).toBe(0o600)
  })

  test("renews what an earlier start left there", () => {
    const first = cookie()
    expect(cookie("later")).toEqual(kept())
    expect(kept()).not.toEqual(first)
  })

  test.each(["mine", ""])("leaves a file of the user's own, %j", (text) => {
    writeFileSync(join(home, ".Xauthority"), text)
    cookie()
    expect(kept().toString()).toBe(text)
  })

  test("leaves a link, and writes to nothing behind it", () => {
    symlinkSync(join(home, "elsewhere"), join(home, ".Xauthority"))
    cookie()
    expect(existsSync(join(home, "elsewhere"))).toBe(false)
  })

  test("doesn't hold up a start where the home can't be entered", () => {
    rmSync(home, { recursive: true })
    writeFileSync(home, "")
    chmodSync(home, 0o600)
    cookie()
  })
})

describe("check_display", () => {
  const listens = (address: string) => run(`DISPLAY_SOCK_ADDR=${address} PASSWORD=s3cret-x; check_display; echo "$VNC_LISTEN"`).stdout

  test.each(["unix:///var/run/kvdi/display.sock", "tcp://127.0.0.1:5901", "tcp://[::1]:5901"])(
    "holds no connection against the next where no password is asked for, as at %s",
    (address) => expect(listens(address)).toMatch(/ -SecurityTypes None -UseBlacklist=0$/),
  )

  test("still counts guesses where a password is", () =>
    expect(listens("tcp://0.0.0.0:5900")).toMatch(/ -SecurityTypes VncAuth .* -BlacklistThreshold=100$/))
})

const SERVICES = readFileSync(join(OVERLAYS, "kvdi-supervisord/usr/local/lib/helios/services.sh"), "utf8")

test("supervisord's programs can say something where nobody may open the log anew, as its owner has no number in the container", () => {
  const services = SERVICES.replaceAll("/run/helios", room)
  // What a test reads a program's words by is a socket, which can't be opened by a name either.
  const { stdout } = execaSync("sh", ["-c", `${services}\nown_log; echo first; echo anew >>/dev/stdout`])
  expect(stdout).toBe("first\nanew")
})

test("a program that ends while others are asked to end doesn't end the stop", () => {
  for (const [number, owner] of Object.entries({ 1: 0, 7: 1000, 8: 1000 })) {
    mkdirSync(join(room, number))
    writeFileSync(join(room, number, "status"), `Name:\tx\nPid:\t${number}\nPPid:\t${number === "8" ? 5 : 1}\nUid:\t${owner}\t${owner}\n`)
  }
  mkdirSync(join(room, "6"))
  symlinkSync("gone", join(room, "6/status"))
  const asked = 'kill() { echo "$*" >&3; return 1; }\nUID=1000 supervisord=5\nexec 3>&1\nask_programs\necho stopped'
  expect(run(`${SERVICES.replaceAll("/proc/", `${room}/`)}\n${asked}`).stdout).toBe("-TERM 7\nstopped")
})
