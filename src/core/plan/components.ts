import type { Family } from "../catalog/family.ts"
import { findSource, type Lock, type Source } from "../sources/lock.ts"
import type { Patch, Patches } from "../sources/patches.ts"

/** An upstream that is built from source. */
export interface Component {
  name: ComponentName
  /** Its repositories by name, at the commits that are built. */
  sources: Record<string, Source>
  /** Where the commits among its patches are taken from. */
  history?: Source
  /** What is changed in its source; where it has several, in the folder that has each of them by its name. */
  patches: Patch[]
}

/** What components are built on that isn't one of them: the family's compilers, the distro's base, or the farm's own tools for a purpose. */
export type Ground = "toolchain" | "base" | "tools:web" | "tools:s6"

/** How a component is made. */
interface Recipe {
  /** What it is built on, beside its sources. */
  on: (Ground | "libjpeg-turbo" | "kasmvnc")[]
  /** The names of its sources in the lock, if there are others than its own. */
  sources?: string[]
  /** The history in the lock that has the commits among its patches. */
  history?: string
}

const SKARNET = ["skalibs", "execline", "s6", "s6-rc", "s6-linux-init", "s6-portable-utils", "s6-linux-utils"]

/** Every component, each after those that it is built on: what plans, the build and its drawing are made from. */
export const COMPONENTS = {
  novnc: { on: ["tools:web"] },
  "libjpeg-turbo": { on: ["toolchain"] },
  kasmvnc: { on: ["libjpeg-turbo"], history: "kasmvnc-fixes" },
  xorg: { on: ["kasmvnc"], history: "xorg-fixes" },
  kclient: { on: ["tools:web", "base"] },
  s6: { on: ["tools:s6"], sources: ["s6-overlay", "s6-overlay-helpers", ...SKARNET] },
  virtualgl: { on: ["libjpeg-turbo"] },
} satisfies Record<string, Recipe>

/** A component's name. */
export type ComponentName = keyof typeof COMPONENTS

/** The layers that components and their licences add to an image, in the order in which they are laid: what changes least comes first. */
export const LAYERS = ["s6", "virtualgl", "xorg", "novnc", "kclient", "licences"] as const satisfies (ComponentName | "licences")[]

/** AddressSanitizer and UndefinedBehaviorSanitizer, within the X server's program, as images don't have their libraries. */
export const SANITIZE = "-g1 -fsanitize=address,undefined -fno-omit-frame-pointer -U_FORTIFY_SOURCE -static-libasan -static-libubsan"

/** The components of a helios image, each after those that it stands on. */
export function components(pins: Lock, patches: Patches, xorg: string): Component[] {
  return recipes().map(([name, { sources = [name], history }]): Component => {
    // The lock has several X servers.
    const pinned = (own: string) => (own === "xorg" ? `xorg-${xorg}` : own)
    return {
      name,
      sources: Object.fromEntries(sources.map((source) => [source, findSource(pins, pinned(source))])),
      ...(history ? { history: findSource(pins, history) } : {}),
      patches: patches.get(pinned(name)) ?? [],
    }
  })
}

/** Whether the lock has that name for a history from which commits are taken. */
export function isHistory(name: string): boolean {
  return recipes().some(([, { history }]) => history === name)
}

/** Every series that takes commits from a history: several where its component is built in several versions. */
export function seriesFrom(history: string, patches: Patches): Patch[][] {
  const names = recipes().flatMap(([name, recipe]) => (recipe.history === history ? [name] : []))
  return [...patches]
    .filter(([folder]) => names.some((name) => folder === name || folder.startsWith(`${name}-`)))
    .map(([, series]) => series)
}

const recipes = () => Object.entries(COMPONENTS) as [ComponentName, Recipe][]

/** The X servers that a family's components can be built with, its own first. */
export function xorgVersions(family: Family): string[] {
  return Object.keys(family.components?.xorg ?? {})
}
