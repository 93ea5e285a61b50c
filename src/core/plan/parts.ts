import { digestOf } from "../registry/oci.ts"
import { COMPONENTS, type Component, type ComponentName, type Ground, LAYERS } from "./components.ts"
import type { Plan } from "./plan.ts"

type Layer = (typeof LAYERS)[number]

/** What a layer is made of that depends on other things than the rest of it: each part of these is a store's entry of its own. */
export const PARTS = {
  s6: ["s6"],
  virtualgl: ["virtualgl"],
  xorg: ["xorg"],
  novnc: ["novnc"],
  kclient: ["kclient", "kclient-native"],
  licences: ["licences"],
} as const satisfies Record<Layer, readonly string[]>

/** A part of a layer. */
export type Part = (typeof PARTS)[Layer][number]

/** The components that no image has a layer of, as others are built on them. */
export type Library = Exclude<ComponentName, Layer>

/** Every part, in the order of layers. */
export const ALL_PARTS: readonly Part[] = LAYERS.flatMap((layer) => PARTS[layer] as readonly Part[])

/** The component that a part is of, and what it is built on, where that isn't what the component's row says. */
const APART: Partial<Record<Part, { of: ComponentName; on: (Ground | Library)[] }>> = {
  kclient: { of: "kclient", on: ["tools:web"] },
  "kclient-native": { of: "kclient", on: ["base", "tools:web"] },
}

/** The parts whose files any processor reads. */
const PORTABLE: readonly string[] = ["novnc", "kclient", "licences"]

/** What was installed where something is built. */
export interface Installed {
  /** The base image, as NAME@DIGEST. */
  base: string
  /** Every package with its version and architecture, sorted. */
  packages: string[]
}

/** Everything that decides a part's bytes: equal slices give equal files. */
export interface Slice {
  /** The part, or the library that it is built on; an X server has its version, too. */
  name: string
  /** Its platform, or `any`. */
  platform: string
  /** The repositories by name, at the commits that are built. */
  sources: Component["sources"]
  patches: Component["patches"]
  /** The farm's own files that build it, by path: the digest of each. */
  files: Record<string, string>
  /** What compilers are told. */
  settings: Record<string, string>
  /** What it is built on. */
  on: (Slice | Installed)[]
}

/** What a plan doesn't say of what decides a part. */
export interface Facts {
  /** The farm's own files that may build it, by path: the digest of each. */
  files: Map<string, string>
  installed: Map<Ground, Installed>
}

/** What of the grounds a part is built on, those of its libraries included. */
export function groundsOf(part: Part): Ground[] {
  const below = (name: Ground | Library): Ground[] =>
    name in COMPONENTS ? COMPONENTS[name as Library].on.flatMap(below) : [name as Ground]
  return [...new Set(on(part).flatMap(below))]
}

/** What decides a part of a plan. */
export function sliceOf(plan: Plan, part: Part, facts: Facts): Slice {
  if (part === "licences") return licences(plan, facts)
  return built(plan, part, APART[part]?.of ?? (part as ComponentName), on(part), facts)
}

/** A slice's SHA-256, which names it in a store: 64 hexadecimal digits. */
export const keyOf = (slice: Slice): string => digestOf(JSON.stringify(slice)).replace("sha256:", "")

/** The image of a store's entry is for a platform, whatever reads its files. */
export const platformFor = ({ platform }: Slice): string => (platform === "any" ? "linux/amd64" : platform)

/** The base that a part was compiled on, or that the farm's tools stand on, as NAME@DIGEST. */
export function baseOf(slice: Slice): string | undefined {
  const [first] = slice.on
  return first && ("base" in first ? first.base : baseOf(first))
}

function on(part: Part): (Ground | Library)[] {
  return APART[part]?.on ?? (part === "licences" ? [] : COMPONENTS[part as ComponentName].on)
}

/** The name of a component's folder of patches, as the farm has several X servers. */
const seriesOf = (plan: Plan, of: string) => (of === "xorg" ? `xorg-${plan.xorg}` : of)

function built(plan: Plan, name: Part | Library, of: ComponentName, below: (Ground | Library)[], facts: Facts): Slice {
  const { sources, patches } = plan.components.find((one) => one.name === of) as Component
  const { flags, sanitize, environment } = plan.toolchain as NonNullable<Plan["toolchain"]>
  const own = ["src/", `common/build/scripts/${name}.sh`, `common/build/locks/${of}/`, `common/build/patches/${seriesOf(plan, of)}/`]
  const isSanitized = sanitize && (name === "kasmvnc" || name === "xorg")
  return {
    name: [name === "xorg" ? seriesOf(plan, name) : name, ...(isSanitized ? ["sanitized"] : [])].join("-"),
    platform: PORTABLE.includes(name) ? "any" : plan.platform,
    sources,
    patches,
    files: filesBelow(facts, [...own, ...(patches.length ? ["common/build/scripts/apply-patches"] : [])]),
    settings: {
      ...(below.includes("toolchain") && environment),
      ...(name === "xorg" && { flags }),
      ...(isSanitized && { sanitize }),
    },
    on: below.map((one) =>
      one in COMPONENTS
        ? built(plan, one as Library, one as Library, COMPONENTS[one as Library].on, facts)
        : (facts.installed.get(one as Ground) as Installed),
    ),
  }
}

/** All components' texts, and which commits and patches they were built from. */
function licences({ components }: Plan, facts: Facts): Slice {
  const sources = Object.assign({}, ...components.map((one) => one.sources))
  const patches = components.flatMap((one) => one.patches)
  const settings = { components: digestOf(JSON.stringify(components)) }
  return { name: "licences", platform: "any", sources, patches, files: filesBelow(facts, ["src/"]), settings, on: [] }
}

function filesBelow({ files }: Facts, prefixes: string[]): Record<string, string> {
  return Object.fromEntries([...files].filter(([path]) => prefixes.some((prefix) => path.startsWith(prefix))).sort())
}
