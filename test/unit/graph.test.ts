import { describe, expect, test } from "vitest"
import { LAYERS } from "../../src/core/plan/components.ts"
import { graph } from "../../src/core/plan/graph.ts"
import { type Plan, plan } from "../../src/core/plan/plan.ts"
import { farm, pins } from "../support/catalog.ts"

const planned = (profile: string) => plan(farm(), pins(), { distro: "bookworm", platform: "linux/amd64", profile })
const helios = planned("helios")

/** The labels of a drawing by their boxes, and its arrows. */
function read(dot: string) {
  const id = String.raw`("[^"]+"|\w+)`
  const plain = (name = "") => name.replace(/^"|"$/g, "")
  const labels = [...dot.matchAll(new RegExp(`^  ${id} \\[label=(".*")\\]$`, "gm"))]
  const arrows = [...dot.matchAll(new RegExp(`^  ${id} -> ${id}$`, "gm"))].map(([, from, to]) => [plain(from), plain(to)] as const)
  return {
    labels: new Map(labels.map(([, box, label]) => [plain(box), JSON.parse(label as string) as string])),
    into: (to: string) => arrows.filter((arrow) => arrow[1] === to).map(([from]) => from),
    arrows,
  }
}

describe("a profile of packages", () => {
  const { labels, arrows } = read(graph(planned("kvdi")))

  test("is a chain from the base to the image", () => {
    expect(arrows.map(([from, to]) => `${from} ${to}`)).toEqual([
      "base settings",
      "settings packages",
      "packages rootfs",
      "rootfs overlay0",
      "overlay0 overlay1",
      "overlay1 overlay2",
      "overlay2 overlay3",
      "overlay3 image",
    ])
    expect(["base", "overlay1", "overlay2"].map((name) => labels.get(name))).toEqual([
      "debian:bookworm-slim",
      "common/overlays/kvdi",
      "common/overlays/kvdi-supervisord",
    ])
  })
})

describe("a profile that is built from source", () => {
  const { labels, into, arrows } = read(graph(helios))

  test.each(helios.components.map((component) => [component.name, component] as const))(
    "%s: pins, patches, what it is built on",
    (name, { sources, history, patches }) => {
      for (const [upstream, { commit }] of Object.entries(sources))
        expect(labels.get(`${name} sources`)?.split("\n")).toContain(`${upstream} ${commit.slice(0, 12)}`)
      if (history) expect(labels.get(`${name} sources`)).toContain(`fixes from ${history.name} ${history.commit.slice(0, 12)}`)
      expect(labels.get(name)).toBe(patches.length ? `${name}\n${patches.length} patches` : name)
      expect(into(name)).toContain(`${name} sources`)
      expect(into(name).length).toBeGreaterThan(1)
    },
  )

  test("what is compiled stands on the toolchain, with its base and packages", () => {
    expect(labels.get("toolchain")).toBe(`toolchain\ndebian:bookworm-slim\n${helios.toolchain?.packages.length} packages`)
    expect(["libjpeg-turbo", "kasmvnc", "xorg", "virtualgl"].map((name) => into(name).at(-1))).toEqual([
      "toolchain",
      "libjpeg-turbo",
      "kasmvnc",
      "libjpeg-turbo",
    ])
  })

  test("layers are laid in the order in which the image is built, and the farm's folders over them", () => {
    const names = LAYERS.map((_, index) => labels.get(`layer${index}`)?.replace("layer\n", ""))
    expect(names).toEqual(LAYERS)
    expect(LAYERS.map((_, index) => into(`layer${index}`)[0])).toEqual(["rootfs", "layer0", "layer1", "layer2", "layer3", "layer4"])
    for (const [index, name] of LAYERS.slice(0, -1).entries()) expect(into(`layer${index}`)).toContain(name)
    expect(into("overlay0")).toEqual(["layer5"])
    expect(into("layer5")).toHaveLength(1 + helios.components.length)
  })

  test("every box leads to the image, and every arrow joins two boxes", () => {
    const boxes = [...labels.keys()]
    for (const [from, to] of arrows) expect(boxes).toEqual(expect.arrayContaining([from, to]))
    expect(boxes.filter((box) => box !== "image" && !arrows.some(([from]) => from === box))).toEqual([])
  })
})

test("another X server shows as its commit", () => {
  const other = plan(farm(), pins(), { distro: "bookworm", platform: "linux/amd64", profile: "helios", xorg: "1.20.14" })
  const commit = (from: Plan) => from.components.find(({ name }) => name === "xorg")?.sources.xorg?.commit.slice(0, 12)
  expect(commit(other)).not.toBe(commit(helios))
  expect(read(graph(other)).labels.get("xorg sources")).toContain(`xorg ${commit(other)}`)
})
