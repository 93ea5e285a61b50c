import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import type { Cell } from "../../src/core/catalog/matrix.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { restrictPlan, supportedPlan } from "../../src/core/release/supported.ts"
import { planRelease } from "../../src/core/release/targets.ts"
import { Helios } from "../../src/index.ts"
import { farm, pins } from "../support/catalog.ts"

vi.mock("@dagger.io/dagger", () => {
  const decorate = () => () => undefined
  const dag = { defaultPlatform: async () => "linux/amd64" }
  const enums = { CacheSharingMode: {}, ImageLayerCompression: {}, ReturnType: {} }
  return { dag, argument: decorate, check: decorate, func: decorate, object: decorate, ...enums }
})

const [LAST, AFTER] = ["2027-06-01", "2027-06-02"]
const LINE = `jammy is left out: Ubuntu 22.04 (jammy) got its last fixes on ${LAST}`
const REFUSAL = `--distro=jammy: Ubuntu 22.04 (jammy) got its last fixes on ${LAST}; take another, or extend it by a distro of your own with a later eol if you get fixes elsewhere`
const COMMIT = "4dc9ceb0b70a0123456789abcdef0123456789ab"
const asked = { ref: "main", commit: COMMIT, repository: "ghcr.io/owner" }

const said: string[] = []
beforeEach(() => {
  said.length = 0
  vi.spyOn(console, "warn").mockImplementation((line) => void said.push(line))
})
afterEach(() => void vi.useRealTimers().restoreAllMocks())
const on = (day: string, time = "12:00:00Z") => vi.useFakeTimers({ toFake: ["Date"], now: new Date(`${day}T${time}`) })

describe.each([
  [LAST, "00:00:00Z", true],
  [LAST, "23:59:59Z", true],
  [AFTER, "00:00:00Z", false],
  ["2027-12-31", "12:00:00Z", false],
])("on %s at %s", (day, time, isThere) => {
  beforeEach(() => void on(day, time))
  const lines = isThere ? [] : [LINE]

  test(`the matrix has ${isThere ? "the distro" : "it no more, and one line says so"}`, async () => {
    const distros = new Set((JSON.parse(await new Helios().matrix()) as Cell[]).map(({ distro }) => distro))
    expect([distros.has("jammy"), distros.has("noble"), said]).toEqual([isThere, true, lines])
  })

  test("and so has what a change affects", async () => {
    const changed = { contents: async () => "distros/jammy/distro.json\ndistros/noble/distro.json\n" }
    const distros = new Set((JSON.parse(await new Helios().matrix(changed as never)) as Cell[]).map(({ distro }) => distro))
    expect([[...distros], said]).toEqual([isThere ? ["jammy", "noble"] : ["noble"], lines])
  })

  test("and what a release publishes", async () => {
    const text = (await new Helios().release(asked.ref, COMMIT, asked.repository)).tags()
    expect([text.includes("unstable-jammy"), text.includes("unstable-noble"), said]).toEqual([isThere, true, lines])
  })

  test(`one that is named is ${isThere ? "taken" : "refused"}, also among others`, async () => {
    for (const names of [["jammy"], ["noble", "jammy"]]) {
      const tags = async () => (await new Helios().release(asked.ref, COMMIT, asked.repository)).only(names).tags()
      if (isThere) expect(await tags()).toContain("unstable-jammy")
      else await expect(tags()).rejects.toThrow(REFUSAL)
    }
    const planned = () => plan(farm(), pins(), { distro: "jammy", platform: "linux/amd64", today: day })
    if (isThere) expect(planned().distro).toBe("jammy")
    else expect(planned).toThrow(REFUSAL)
  })
})

describe("after the end of a distro's life", () => {
  const mine = (more: object) => ({
    "mine/distro.json": { name: "mine", title: "Jammy, with fixes from elsewhere", extends: "jammy", ...more },
  })

  test("one that extends it stays by an end of its own, and goes with it without", async () => {
    const distros = (more: object) => {
      const { plan, leftOut } = supportedPlan(planRelease(farm(mine(more)), asked), AFTER)
      return [plan.targets.filter(({ distro }) => ["jammy", "mine"].includes(distro)).map(({ distro }) => distro), leftOut.length]
    }
    expect(distros({ eol: "2032-04-01" })).toEqual([["mine", "mine"], 1])
    expect(distros({})).toEqual([[], 2])
  })

  test("what was released of it is read where it is named, and left out where it isn't", () => {
    const order = planRelease(farm(), asked)
    const named = restrictPlan(order, { distro: ["jammy"], profile: ["kvdi"], init: [] })
    expect(supportedPlan(named, AFTER, true)).toEqual({ plan: named, leftOut: [] })
    expect(supportedPlan(order, AFTER, true).leftOut).toEqual([LINE])
  })

  test("a release of which nothing would be left is refused", () => {
    const order = planRelease(farm(mine({ profiles: { kvdi: { inits: ["systemd"], budget: 1 } } })), asked)
    const alone = { ...order, targets: order.targets.filter(({ distro }) => distro === "jammy") }
    expect(() => supportedPlan(alone, AFTER)).toThrow(REFUSAL)
  })

  test("a ref that publishes nothing still does", () => {
    expect(supportedPlan(planRelease(farm(), { ...asked, ref: "refs/heads/topic" }), AFTER)).toMatchObject({
      plan: { targets: [] },
      leftOut: [],
    })
  })
})
