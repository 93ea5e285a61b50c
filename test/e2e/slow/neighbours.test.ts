import { afterAll, afterEach, describe, expect, test } from "vitest"
import { type Box, create, must, podman, pulledImage, removeBoxes, removeImages } from "../../support/desktop/podman.ts"
import { banner, HELIOS_RUNS, KVDI_RUNS, page } from "../../support/desktop/profiles.ts"
import { clean, MIRROR, NO_MIRROR, until } from "../../support/farm.ts"

afterEach(removeBoxes)
afterAll(removeImages)
afterAll(clean)

const beside = ({ name }: Box) => `--network=container:${name}`
const start = ({ name }: Box) => must(["start", name])

/** The display of a container's window manager, which its own user may ask for, and not root without CAP_SYS_PTRACE. */
const DISPLAY = `for process in /proc/[0-9]*; do
  if [ "$(cat "$process/comm")" = xfwm4 ]; then tr '\\0' '\\n' <"$process/environ" | sed -n 's/^DISPLAY=//p'; fi
done 2>/dev/null`

/** Waits until each has a window manager, on a display of its own. */
async function haveTheirOwn(boxes: Box[]): Promise<void> {
  const displays = []
  for (const { name } of boxes)
    displays.push(await until("a window manager runs", 60, () => must(["exec", "--user=1000", name, "sh", "-c", DISPLAY])))
  expect(displays.map((display) => /^:\d+$/.test(display))).not.toContain(false)
  expect(new Set(displays).size).toBe(boxes.length)
}

/** A container that can't start beside another: its exit code and what it said. */
async function refused(image: string, options: string[]) {
  const box = await create(image, options)
  await start(box)
  const code = await must(["wait", box.name])
  const { stdout, stderr } = await podman(["logs", box.name])
  return { code, said: `${stdout}${stderr}` }
}

describe("containers with one network", () => {
  test("kvdi: two that start at once, and a port that one of them has", async () => {
    const image = await pulledImage("kvdi")
    const tcp = "--env=DISPLAY_SOCK_ADDR=tcp://127.0.0.1:5901"
    const first = await create(image, KVDI_RUNS.options)
    await start(first)
    const others = await Promise.all([create(image, [beside(first)]), create(image, [beside(first), tcp])])
    await Promise.all(others.map(start))
    await haveTheirOwn([first, ...others])
    for (const box of [first, others[0] as Box]) expect(await banner(box)).toMatch(KVDI_RUNS.answer)
    expect(await refused(image, [beside(first), tcp])).toEqual({
      code: "64",
      said: expect.stringMatching(/^helios: DISPLAY_SOCK_ADDR=.*: that port is taken in this network: expected [^\n]*\n?$/),
    })
  })

  test.skipIf(!MIRROR)(`helios: two that start at once, and a port that one of them has${MIRROR ? "" : `, ${NO_MIRROR}`}`, async () => {
    const image = await pulledImage("helios")
    const first = await create(image, HELIOS_RUNS.options)
    await start(first)
    const second = await create(image, [...HELIOS_RUNS.options, beside(first), "--env=HTTP_PORT=3100"])
    await start(second)
    for (const [box, port] of [
      [first, 3000],
      [second, 3100],
    ] as const)
      await until("/health says 200", 60, async () => (await page(box, "/health", undefined, port)).status === 200)
    await haveTheirOwn([first, second])
    expect(await refused(image, [...HELIOS_RUNS.options, beside(first)])).toEqual({
      code: "64",
      said: expect.stringMatching(/^helios: HTTP_PORT=3000: that port is taken in this network: expected [^\n]*\n?$/),
    })
  })
})
