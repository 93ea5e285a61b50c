import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { recordBreaks } from "../../support/breaks/broken.ts"
import { extend, pulledImage, removeBoxes, removeImages } from "../../support/desktop/podman.ts"
import { restartProblems, stopProblems } from "../../support/desktop/promises.ts"
import { WITH_XTERM } from "../../support/desktop/with-xterm.ts"
import { clean, failures, smoke } from "../../support/farm.ts"

let image: string
const broken = (name: string, ...lines: string[]) => extend(`broken-${name}`, image, lines)

beforeAll(async () => {
  image = await pulledImage()
})
afterEach(removeBoxes)
afterAll(removeImages)
afterAll(clean)

test("an image of one's own, FROM it, keeps every promise", async () => {
  expect(failures(await smoke("bookworm", { container: await extend("whole", image, WITH_XTERM) }))).toEqual([])
})

describe("what podman proves is seen to fail on an image that is broken", () => {
  const cases: { promise: "restart" | "stop"; name: string; lines: string[]; says: RegExp }[] = [
    {
      promise: "restart",
      name: "a stale X lock is left in the way",
      lines: ["RUN sed -i -E 's/ \"?.tmp.[.]X[^ ]*-lock\"?//' /usr/local/lib/helios/folders.sh /usr/local/bin/kvdi-xvnc"],
      says: /^(after a kill|with a stale X lock and sockets): not within .* the desktop answers/,
    },
    {
      promise: "restart",
      name: "the second start trips over the user of the first",
      lines: ["RUN sed -i 's/if ! getent passwd \"$USER\" .*; then/if true; then/' /usr/local/lib/helios/user.sh"],
      says: /^start 2: not within .* the desktop answers/,
    },
    {
      promise: "stop",
      name: "SIGTERM is ignored",
      lines: ["RUN sed -i \"s/trap stop TERM INT HUP/trap '' TERM INT HUP/\" /usr/local/lib/helios/services.sh"],
      says: /^exit code 137/,
    },
    {
      promise: "stop",
      name: "the exit code is the signal's",
      lines: ["RUN sed -i 's/^  exit 0$/  exit 143/' /usr/local/lib/helios/services.sh"],
      says: /^exit code 143/,
    },
    {
      promise: "stop",
      name: "hooks are forgotten",
      lines: ["RUN sed -i 's|for hook in .*; do|for hook in /none; do|' /usr/local/lib/helios/bin/run-hooks"],
      says: /^the hook never ran/,
    },
    {
      promise: "stop",
      name: "hooks run after the desktop has gone",
      lines: ["RUN sed -i 's/^stop() {/stop() { kill $supervisord; wait $supervisord || true/' /usr/local/lib/helios/services.sh"],
      says: /^when the hook ran .* (xvnc|no VNC server)/,
    },
    {
      promise: "stop",
      name: "the first hook that fails ends it",
      lines: ["RUN sed -i 's/ || explain .*/ || exit 1/' /usr/local/lib/helios/bin/run-hooks"],
      says: /^the hook never ran/,
    },
    {
      promise: "stop",
      name: "a hook that won't end is waited for",
      lines: ["RUN sed -i 's/timeout --kill-after=1/timeout/g' /usr/local/lib/helios/bin/run-hooks"],
      says: /^took 1\d\.\d s/,
    },
    {
      promise: "stop",
      name: "the X server goes first",
      lines: ["RUN sed -i 's/^priority=10/priority=90/' /etc/supervisor/conf.d/xvnc.conf"],
      says: /^xvnc ended before/,
    },
    {
      promise: "stop",
      name: "a service takes longer than 10 s",
      lines: [
        String.raw`RUN printf '[program:slow]\ncommand=sh -c "trap : TERM; while :; do sleep 1; done"\nstopwaitsecs=60\n' >/etc/supervisor/conf.d/slow.conf`,
      ],
      says: /^took 1\d\.\d s/,
    },
  ]

  /** What it said, without this run's own folders. */
  const seen = (problems: string[], says: RegExp) => (problems.find((problem) => says.test(problem)) ?? "").split(/: connect|\n/)[0] ?? ""

  const prove = { restart: (address: string) => restartProblems(address, 2), stop: stopProblems }

  test.each(cases.map((one) => [`${one.promise}: ${one.name}`, one] as const))("%s", async (_, { promise, name, lines, says }) => {
    const address = await broken(name.replaceAll(/\W+/g, "-").toLowerCase(), ...lines)
    const problems = await prove[promise](address)
    expect(problems.join("\n")).toMatch(new RegExp(says, "m"))
    recordBreaks([{ name, promise, check: seen(problems, says) }])
  })

  test("from: no package can be installed", async () => {
    const crippled = await broken("from-dpkg", "RUN rm -r /var/lib/dpkg/info /etc/apt/sources.list.d")
    await expect(extend("from-failed", crippled, WITH_XTERM)).rejects.toThrow(
      /Unable to locate package xterm|has no installation candidate/,
    )
    recordBreaks([{ name: "no package can be installed", promise: "from", check: "apt-get install: Unable to locate package xterm" }])
  })

  test("from: what is installed leaves the package index behind", async () => {
    const mine = await extend("from-index", image, ["RUN apt-get update"])
    const seen = failures(await smoke("bookworm", { only: ["minimal"], container: mine }))
    expect(seen.join("\n")).toMatch(/^minimal: no compiler(.|\n)*not ok no package index or download/)
    recordBreaks([
      { name: "what is installed leaves the package index behind", promise: "from", check: "minimal: no package index or download" },
    ])
  })
})
