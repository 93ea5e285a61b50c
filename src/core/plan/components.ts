import type { Family } from "../catalog/family.ts"
import { findSource, type Lock, type Source } from "../sources/lock.ts"
import type { Patch, Patches } from "../sources/patches.ts"

/** An upstream that is built from source. */
export interface Component {
  name: string
  /** Its repositories by name, at the commits that are built. */
  sources: Record<string, Source>
  /** Where the commits among its patches are taken from. */
  history?: Source
  /** What is changed in the first of its sources. */
  patches: Patch[]
}

const SKARNET = ["skalibs", "execline", "s6", "s6-rc", "s6-linux-init", "s6-portable-utils", "s6-linux-utils"]

/** AddressSanitizer and UndefinedBehaviorSanitizer, within the X server's program, as images don't have their libraries. */
export const SANITIZE = "-g1 -fsanitize=address,undefined -fno-omit-frame-pointer -U_FORTIFY_SOURCE -static-libasan -static-libubsan"

/** The components of a helios image, each after those that it stands on. */
export function components(pins: Lock, patches: Patches, xorg: string): Component[] {
  const component = (name: string, sources = [name], history?: string): Component => ({
    name: name.replace(/^xorg-.*/, "xorg"),
    sources: Object.fromEntries(sources.map((source) => [source.replace(/^xorg-.*/, "xorg"), findSource(pins, source)])),
    ...(history ? { history: findSource(pins, history) } : {}),
    patches: patches.get(name) ?? [],
  })
  return [
    component("novnc"),
    component("libjpeg-turbo"),
    component("kasmvnc", ["kasmvnc"], "kasmvnc-fixes"),
    component(`xorg-${xorg}`, [`xorg-${xorg}`], "xorg-fixes"),
    component("kclient"),
    component("s6", ["s6-overlay", "s6-overlay-helpers", ...SKARNET]),
    component("virtualgl"),
  ]
}

/** The X servers that a family's components can be built with, its own first. */
export function xorgVersions(family: Family): string[] {
  return Object.keys(family.components?.xorg ?? {})
}
