import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { extend, pulledImage, removeImages } from "../../support/desktop/podman.ts"
import { PASSWORD } from "../../support/desktop/profiles.ts"
import { endHosts, type Host, mustOnHost, NO_HOST, onHost, outside, startDocker, startHost } from "../../support/engine/host.ts"
import { clean, MINUTE, MIRROR, NO_MIRROR, need, ROOT, reportFolder, room, until } from "../../support/farm.ts"

const SKIPPED = NO_HOST ?? (MIRROR ? undefined : NO_MIRROR)
const NAME = "programs"

/** Who one is, as a program finds it out that has a C library of its own in it. */
const WHO = `#include <pwd.h>
#include <stdio.h>
#include <unistd.h>
int main(void) { struct passwd *who = getpwuid(getuid()); return puts(who ? who->pw_name : "nobody") < 0; }
`
const SWING = `import javax.swing.*;
class Swing { public static void main(String[] none) { JFrame frame = new JFrame("Swing of Java"); frame.add(new JLabel("grüße")); frame.setSize(300, 200); frame.setVisible(true); } }
`
const TK = 'import tkinter; window = tkinter.Tk(); window.title("Tk of Python"); window.mainloop()'

/** Each with the name that its window has, and its words. */
const PROGRAMS = {
  firefox: ["Firefox", "firefox-esr", "about:blank"],
  python: ["Tk of Python", "python3", "-c", TK],
  java: ["Swing of Java", "java", "/opt/Swing.java"],
  gimp: ["GNU Image Manipulation Program", "vglrun", "gimp", "--no-splash"],
} as const

let host: Host
let image: string

const docker = (...args: string[]) => mustOnHost(host, ["docker", ...args])

/** A line of docs/desktop.md, with a real image. */
function line(start: string): string {
  const page = readFileSync(join(ROOT, "docs/desktop.md"), "utf8").split("\n")
  const found = page.find((one) => one.startsWith(start)) as string
  return found
    .replace("docker run", `docker run --detach --name=${NAME}`)
    .replace("PASSWORD=…", `PASSWORD=${PASSWORD}`)
    .replace(/…$/, outside(image))
}

async function start(command: string): Promise<void> {
  await mustOnHost(host, ["sh", "-c", command], { cwd: ROOT })
  const asked = ["curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "http://127.0.0.1:3000/health"]
  await until("the desktop can be used", 90, async () => (await onHost(host, asked)).stdout === "200")
}

/** Starts a program of the user's, waits for its window, and leaves a picture of it. */
async function shows(name: string, window: string, ...program: string[]): Promise<void> {
  const ran = onHost(host, ["docker", "exec", NAME, "as-user", ...program], { timeout: 4 * MINUTE })
  ran.catch(() => {})
  const search = ["docker", "exec", NAME, "as-user", "xdotool", "search", "--onlyvisible", "--name", window]
  await until(`a window of ${name}`, 120, async () => (await onHost(host, search)).exitCode === 0)
  await new Promise((done) => setTimeout(done, 3000))
  await docker("exec", NAME, "as-user", "import", "-window", "root", "/tmp/picture.png")
  await docker("cp", `${NAME}:/tmp/picture.png`, join(reportFolder(), `docker-${name}.png`))
}

beforeAll(async () => {
  if (SKIPPED) return
  await need("musl-gcc", ["musl-tools"])
  const folder = room()
  writeFileSync(join(folder, "who.c"), WHO)
  await execa("musl-gcc", ["-static", "-o", "who", "who.c"], { cwd: folder })
  const base64 = (bytes: Buffer | string) => Buffer.from(bytes).toString("base64")
  const file = (path: string, bytes: Buffer | string) => `RUN echo ${base64(bytes)} | base64 --decode >${path} && chmod 755 ${path}`
  const packages = "bubblewrap chromium firefox-esr gimp imagemagick openjdk-17-jdk-headless openjdk-17-jre python3-tk xdotool"
  image = await extend(
    "programs",
    await pulledImage("helios"),
    [
      `RUN apt-get update && apt-get install -y --no-install-recommends ${packages} && rm -rf /var/lib/apt/lists/*`,
      file("/opt/Swing.java", SWING),
      file("/usr/local/bin/who-am-i", readFileSync(join(folder, "who"))),
    ],
    30,
  )
  host = await startHost("same")
  await startDocker(host)
}, 90 * MINUTE)
afterAll(removeImages)
afterAll(endHosts)
afterAll(clean)

describe.skipIf(SKIPPED !== undefined)(
  `programs in an image of one's own, by Docker's own daemon ${SKIPPED ?? ""}`,
  { timeout: 15 * MINUTE },
  () => {
    test("run by its default profile, but for those that shut themselves in", async () => {
      await start(line("docker run --security-opt").replace(/--security-opt \S+ /, ""))
      expect(await docker("exec", NAME, "as-user", "who-am-i")).toBe("bob")
      for (const [name, [window, ...program]] of Object.entries(PROGRAMS)) await shows(name, window, ...program)
      expect(await docker("logs", NAME)).toMatch(/chromium can't shut itself in/)
      const chromium = await onHost(host, ["docker", "exec", NAME, "as-user", "chromium", "--no-first-run", "about:blank"], { all: true })
      expect([chromium.exitCode, chromium.all]).toEqual([1, expect.stringContaining("No usable sandbox")])
      await docker("rm", "--force", NAME)
    })

    test("and Chromium by the profile that docs/desktop.md names, with the next container's home too", async () => {
      const command = line("docker run --security-opt")
      await start(command)
      await docker("exec", NAME, "as-user", "bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--unshare-all", "true")
      await shows("chromium", "Chromium", "chromium", "--no-first-run", "about:blank")
      await docker("rm", "--force", NAME)
      await start(command)
      await shows("chromium-again", "Chromium", "chromium", "--no-first-run", "about:blank")
      await docker("rm", "--force", NAME)
    })
  },
)
