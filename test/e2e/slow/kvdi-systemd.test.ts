import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { proofs, recordBreaks, testDefects } from "../../support/breaks/broken.ts"
import { SYSTEMD } from "../../support/breaks/systemd.ts"
import { create, extend, must, podman, pulledImage, removeBoxes, removeImages } from "../../support/desktop/podman.ts"
import { SYSTEMD_RUNS } from "../../support/desktop/profiles.ts"
import { extendProblems, restartProblems, stopProblems, works } from "../../support/desktop/promises.ts"
import { clean, failures, promisesOf, sizeProblems, smoke } from "../../support/farm.ts"

const INIT = "systemd"
const MINE = [
  "RUN apt-get update && apt-get install -y --no-install-recommends xterm && apt-get clean && rm -rf /var/lib/apt/lists/*",
  String.raw`RUN printf '[Service]\nExecStart=on-display xterm -T mine -geometry 30x5+10+450\nRestart=always\n[Install]\nWantedBy=default.target\n' >/etc/systemd/user/mine.service`,
  "RUN systemctl enable --global --user mine",
]

afterEach(removeBoxes)
afterAll(removeImages)
afterAll(clean)

describe.each(["bookworm", "trixie", "sid"])("%s", (distro) => {
  let image: string

  beforeAll(async () => {
    image = await pulledImage("kvdi", distro, INIT)
  })

  test("keeps every promise, none skipped", async () => {
    const results = await smoke(distro, { init: INIT })
    expect(failures(results)).toEqual([])
    expect(results.outcomes.map(({ promise }) => promise).sort()).toEqual(promisesOf("kvdi", INIT))
    expect(results.outcomes.map(({ status }) => status)).toEqual(results.outcomes.map(() => "passed"))
    expect(sizeProblems(results.size, distro, "kvdi", INIT)).toEqual([])
  })

  test("restart: the same container, stopped and started 20 times and killed once, works each time", async () => {
    expect(await restartProblems(image, 20, SYSTEMD_RUNS)).toEqual([])
  })

  test("stop: services end in order after the hooks, within 10 s, with exit code 0", async () => {
    expect(await stopProblems(image, SYSTEMD_RUNS)).toEqual([])
  })
})

describe("on bookworm", () => {
  let image: string

  beforeAll(async () => {
    image = await pulledImage("kvdi", "bookworm", INIT)
  })

  test("podman knows by itself what it needs but, where cgroups are mixed, the cgroup", async () => {
    const box = await create(image)
    await SYSTEMD_RUNS.start(box)
    await works(box, SYSTEMD_RUNS)
    const mounts = await must(["exec", box.name, "cat", "/proc/mounts"])
    for (const folder of ["/run", "/run/lock", "/tmp"]) expect(mounts).toMatch(new RegExp(`^tmpfs ${folder} `, "m"))
    expect((await podman(["exec", box.name, "mount", "-t", "tmpfs", "tmpfs", "/mnt"])).exitCode).not.toBe(0)
  })

  test("extend, from: a unit in an image of one's own runs on the display, and the other promises still hold", async () => {
    const mine = await extend("systemd-from", image, MINE)
    expect(await extendProblems(mine, SYSTEMD_RUNS)).toEqual([])
    expect(failures(await smoke("bookworm", { init: INIT, container: mine }))).toEqual([])
    expect(await restartProblems(mine, 1, SYSTEMD_RUNS)).toEqual([])
    expect(await stopProblems(mine, SYSTEMD_RUNS)).toEqual([])
  })

  describe("is seen to fail on an image that is broken", () => {
    const proof = proofs(SYSTEMD, "kvdi", 3, INIT)
    const unit = "/etc/systemd/system/desktop@.service"

    testDefects(SYSTEMD, proof)

    test.each([
      ["with systemd SIGTERM is sent, which it takes for another wish", "STOPSIGNAL SIGTERM", /^exit code 137/],
      ["with systemd hooks are forgotten", `RUN sed -i /^ExecStop/s/=.*/=true/ ${unit}`, /^the hook never ran/],
      [
        "with systemd hooks run after the desktop has gone",
        `RUN sed -i s/^After=user@%i.service/Before=user@%i.service\\\\nAfter=/ ${unit}`,
        /^when the hook ran .*(xvnc|no VNC server)/,
      ],
      [
        "with systemd the X server goes first",
        "RUN sed -i 's/^\\(After=.*\\)xvnc.service/\\1/' /etc/systemd/user/*.service",
        /^xvnc ended before/,
      ],
    ])("stop: %s", async (name, line, says) => {
      const problems = await stopProblems(await extend(`broken-${name.replaceAll(/\W+/g, "-").toLowerCase()}`, image, [line]), SYSTEMD_RUNS)
      expect(problems.join("\n")).toMatch(new RegExp(says, "m"))
      recordBreaks([
        { name, promise: "stop", check: (problems.find((problem) => says.test(problem)) ?? "").split(/: connect|\n/)[0] ?? "" },
      ])
    })
  })
})
