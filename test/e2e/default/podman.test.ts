import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { extend, pulledImage, removeBoxes, removeImages, runOnce } from "../../support/desktop/podman.ts"
import { KVDI_RUNS } from "../../support/desktop/profiles.ts"
import { extendProblems, restartProblems, stopProblems } from "../../support/desktop/promises.ts"
import { unprivilegedProblems } from "../../support/desktop/unprivileged.ts"
import { WITH_XTERM } from "../../support/desktop/with-xterm.ts"
import { clean, failures, smoke } from "../../support/farm.ts"

/** What a package and a program may break, and what is soon proven; slow/podman-broken.test.ts has the other promises of such an image. */
const SOON = ["input", "labels", "minimal", "no-secrets", "supervisord", "user"]

let image: string

beforeAll(async () => {
  image = await pulledImage()
})
afterEach(removeBoxes)
afterAll(removeImages)
afterAll(clean)

test("restart: the same container, stopped and started 5 times and killed once, works each time", async () => {
  expect(await restartProblems(image, 5)).toEqual([])
})

test("stop: services end in order after the hooks, within 10 s, with exit code 0", async () => {
  expect(await stopProblems(image)).toEqual([])
})

test("unprivileged: where nobody is root, it is a desktop of that user's, and after a stop again", async () => {
  expect(await unprivilegedProblems(image, KVDI_RUNS)).toEqual([])
})

test("extend: one file in an image of one's own adds a program that runs on the display", async () => {
  expect(await extendProblems(await extend("extend", image, WITH_XTERM))).toEqual([])
  expect(await extendProblems(image)).toEqual([expect.stringContaining("it runs as the user on the display")])
})

/** What Java's package does, whose manual pages lie in no folder that the images leave out. */
const MANUAL = "RUN update-alternatives --install /usr/bin/mine mine /bin/true 1 --slave /usr/share/man/man1/mine.1 mine.1 /etc/passwd"

test("from: FROM it, a package and a program of one's own, and other promises still hold", async () => {
  const mine = await extend("from", image, [...WITH_XTERM, MANUAL])
  expect(failures(await smoke("bookworm", { only: SOON, container: mine }))).toEqual([])
  expect(await restartProblems(mine, 1)).toEqual([])
  expect(await stopProblems(mine)).toEqual([])
  expect(await runOnce(mine, "xterm", "-version")).toMatch(/^XTerm\(\d+\)/)
})
