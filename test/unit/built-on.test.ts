import { beforeAll, describe, expect, test, vi } from "vitest"
import { LAYERS } from "../../src/core/plan/components.ts"
import { graph } from "../../src/core/plan/graph.ts"
import { plan } from "../../src/core/plan/plan.ts"
import { OWN_PLACES } from "../../src/core/sources/archives.ts"
import type { Farm } from "../../src/verbs/farm.ts"
import { farm, pins } from "../support/catalog.ts"

/** Stands for whatever Dagger makes, and knows the commits and base images that went into it. */
interface Made {
  origins: Set<string>
}

const { made } = vi.hoisted(() => {
  const originsOf = (value: unknown): string[] => {
    if (typeof value !== "object" || value === null) return []
    const own = (value as { origins?: unknown }).origins
    return own instanceof Set ? ([...own] as string[]) : Object.values(value).flatMap(originsOf)
  }
  const made = (origins: Iterable<string> = []): object => {
    const self: object = new Proxy({ origins: new Set(origins) } as Made, {
      get: (target, name) => {
        if (name === "origins") return target.origins
        if (typeof name === "symbol" || name === "then") return undefined
        return (...args: unknown[]) => {
          if (name === "sync") return Promise.resolve(self)
          if (name === "stdout" || name === "contents") return Promise.resolve("")
          if (name === "from") return made([...target.origins, args[0] as string])
          const [command] = args
          // What is fetched is its commit, whatever fetched it.
          if (name === "withExec" && Array.isArray(command) && command[0] === "fetch-source") return made([command.at(-1) as string])
          return made([...target.origins, ...originsOf(args)])
        }
      },
    })
    return self
  }
  return { made }
})

vi.mock("@dagger.io/dagger", () => {
  const dag = new Proxy({}, { get: (_, name) => () => (name === "defaultPlatform" ? Promise.resolve("linux/amd64") : made()) })
  return { dag, CacheSharingMode: { Locked: "LOCKED" }, ReturnType: { Any: "ANY" } }
})

// Its base, its toolchain's and the farm's tools' are three images.
const catalog = farm()
const helios = plan(catalog, pins(), { distro: "noble", platform: "linux/amd64", profile: "helios" })
const bases = [helios.base.image, helios.toolchain?.base.image as string]

/** The commits and bases that a component is made from, by the drawing. */
function drawn(name: string): string[] {
  const arrows = [...graph(helios).matchAll(/^ {2}("[^"]+"|\w+) -> ("[^"]+"|\w+)$/gm)].map((match) =>
    match.slice(1).map((box) => box.replace(/"/g, "")),
  )
  const before = (box: string): string[] => arrows.flatMap(([from = "", to]) => (to === box ? [from, ...before(from)] : []))
  const boxes = [name, ...before(name)]
  const components = helios.components.filter((component) => boxes.includes(component.name))
  const commits = components.flatMap(({ sources, history, patches }) => [
    ...Object.values(sources).map(({ commit }) => commit),
    ...(history && patches.some((patch) => "commit" in patch) ? [history.commit] : []),
  ])
  return [...commits, ...(boxes.includes("base") ? [bases[0] as string] : []), ...(boxes.includes("toolchain") ? [bases[1] as string] : [])]
}

describe("what the drawing says that components are built on is what they are built from", () => {
  let built: Map<string, () => Promise<unknown[]>>

  beforeAll(async () => {
    const { components } = await import("../../src/verbs/build/components.ts")
    built = components({ catalog, ...pins(), isGuest: () => false, places: OWN_PLACES, folder: () => made() } as unknown as Farm, helios)
  })

  test("bases differ, so that they can be told apart", () => expect(new Set(bases).size).toBe(2))

  test.each(LAYERS.filter((name) => name !== "licences"))("%s", async (name) => {
    const parts = (await built.get(name)?.()) as Made[]
    const origins = parts.flatMap((part) => [...part.origins]).map((origin) => origin.replace(/@sha256:.*/, ""))
    const known = origins.filter((origin) => /^[0-9a-f]{40}$/.test(origin) || bases.includes(origin))
    expect([...new Set(known)].sort()).toEqual([...new Set(drawn(name))].sort())
  })
})
