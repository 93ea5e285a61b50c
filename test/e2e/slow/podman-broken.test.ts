import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { recordBreaks } from "../../support/breaks/broken.ts"
import { PODMAN } from "../../support/breaks/podman.ts"
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
  /** What it said, without this run's own folders. */
  const seen = (problems: string[], says: RegExp) => (problems.find((problem) => says.test(problem)) ?? "").split(/: connect|\n/)[0] ?? ""

  const prove: Record<string, (address: string) => Promise<string[]>> = {
    restart: (address) => restartProblems(address, 2),
    stop: (address) => stopProblems(address),
  }

  test.each(PODMAN.map((one) => [`${one.promise}: ${one.name}`, one] as const))("%s", async (_, { promise, name, lines, says }) => {
    const address = await broken(name.replaceAll(/\W+/g, "-").toLowerCase(), ...lines)
    const problems = (await prove[promise]?.(address)) ?? []
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
