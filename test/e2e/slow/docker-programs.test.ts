import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { extend, pulledImage, removeImages } from "../../support/desktop/podman.ts"
import { PASSWORD } from "../../support/desktop/profiles.ts"
import { endHosts, type Host, mustOnHost, NO_HOST, onHost, outside, pageStatus, startDocker, startHost } from "../../support/engine/host.ts"
import { clean, MINUTE, MIRROR, NO_MIRROR, ROOT, reportFolder, until } from "../../support/farm.ts"

const WHY_NOT = NO_HOST ?? (MIRROR ? undefined : NO_MIRROR)

/** The example's line for browsers, in which … are a password and an image. */
const LINE = readFileSync(join(ROOT, "docs/desktop.md"), "utf8").match(/^docker run .*seccomp\.json.*$/m)?.[0] as string

const PACKAGES = "chromium default-jdk firefox-esr gcc gimp imagemagick musl-tools python3-tk xdotool"
const TK = 'import tkinter; root = tkinter.Tk(className="Tk"); root.title("A window of Tk"); root.mainloop()'
const SWING =
  'class Swing { public static void main(String[] a) { javax.swing.JFrame f = new javax.swing.JFrame("A window of Swing"); f.setSize(400, 200); f.setVisible(true); } }'
const MUSL =
  '#include <pwd.h>\\n#include <stdio.h>\\n#include <unistd.h>\\nint main(void) { struct passwd *u = getpwuid(getuid()); printf("%%s of musl in %%s\\\\n", u ? u->pw_name : "nobody", u ? u->pw_dir : "none"); return !u; }\\n'

/** What an image of one's own adds: the distro's packages, and a program of each kind. */
const ADDED = [
  `RUN apt-get update && apt-get install -y --no-install-recommends ${PACKAGES} && rm -rf /var/lib/apt/lists/*`,
  `RUN printf '${MUSL}' >/tmp/musl.c && musl-gcc -static -o /usr/local/bin/of-musl /tmp/musl.c && rm /tmp/musl.c`,
  `RUN printf '%s\\n' '${SWING}' >/tmp/Swing.java && javac -d /usr/local/share/swing /tmp/Swing.java && rm /tmp/Swing.java`,
  `RUN printf '%s\\n' '${TK}' >/usr/local/share/tk.py`,
]

/** Programs, each with the name of a window that it shows. */
const PROGRAMS: [name: string, window: string, ...command: string[]][] = [
  ["firefox", "Firefox", "firefox-esr", "about:license"],
  ["chromium", "Chromium", "chromium", "--no-first-run", "chrome://version"],
  ["tk", "A window of Tk", "python3", "/usr/local/share/tk.py"],
  ["swing", "A window of Swing", "java", "-cp", "/usr/local/share/swing", "Swing"],
  ["gimp", "GNU Image Manipulation Program", "vglrun", "gimp", "--no-splash"],
]

describe.skipIf(WHY_NOT)(`programs in an image of one's own, by Docker and the page's line${WHY_NOT ? `, ${WHY_NOT}` : ""}`, () => {
  let host: Host
  let image: string

  beforeAll(async () => {
    image = outside(await extend("programs", await pulledImage("helios"), ADDED, 30))
    host = await startHost("same")
    await startDocker(host)
  }, 90 * MINUTE)
  afterAll(endHosts)
  afterAll(removeImages)
  afterAll(clean)

  const asUser = (...words: string[]) => ["docker", "exec", "desk", "as-user", ...words]

  /** Runs the line until the desktop can be used; what ends it keeps its home. */
  async function started(): Promise<() => Promise<void>> {
    const line = LINE.replace("PASSWORD=…", `PASSWORD=${PASSWORD}`).replace(/…$/, image).replace("docker run", "docker run --name=desk")
    const running = onHost(host, ["sh", "-c", line], { cwd: ROOT, all: true, timeout: 30 * MINUTE })
    let ended = ""
    running.then(({ all, exitCode }) => {
      ended = `it ended with ${exitCode}: ${all}`
    })
    await until("the desktop can be used", 300, async () => {
      if ((await pageStatus(host, "/health")) === "200") return true
      throw new Error(ended)
    })
    return async () => {
      await mustOnHost(host, ["docker", "rm", "--force", "desk"])
      await running
    }
  }

  /** Starts a program of the user's, waits for its window, keeps a picture of the desktop, and ends it. */
  async function shows(home: string, [name, window, ...command]: (typeof PROGRAMS)[number]): Promise<void> {
    const program = onHost(host, asUser("sh", "-c", 'echo $$ >/tmp/mine && exec "$@"', "sh", ...command), {
      all: true,
      timeout: 5 * MINUTE,
    })
    let ended = "it shows none"
    program.then(({ all, exitCode }) => {
      ended = `it ended with ${exitCode}: ${all}`
    })
    await until(`a window of ${name}`, 120, async () => {
      const found = await onHost(host, asUser("xdotool", "search", "--onlyvisible", "--name", window))
      if (found.exitCode !== 0) throw new Error(ended)
      return true
    })
    await mustOnHost(host, asUser("sleep", "5"))
    const { stdout } = await onHost(host, asUser("import", "-window", "root", "png:-"), { encoding: "buffer" })
    const folder = join(reportFolder(), "programs")
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${name}-${home}.png`), stdout as unknown as Uint8Array)
    await mustOnHost(host, asUser("sh", "-c", "kill $(cat /tmp/mine)"))
    await program
  }

  test.each(["new", "kept"])(
    "with a %s home: browsers, Tk, Swing and GIMP by vglrun show their windows, and a program of musl knows the user",
    async (home) => {
      const removed = await started()
      try {
        expect(await mustOnHost(host, asUser("of-musl"))).toBe("bob of musl in /home/bob")
        for (const program of PROGRAMS) await shows(home, program)
      } finally {
        await removed()
      }
    },
    40 * MINUTE,
  )
})
