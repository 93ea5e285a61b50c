import { FarmError } from "../errors.ts"
import type { Catalog } from "./catalog.ts"
import type { Distro } from "./distro.ts"

/** What of a distro says when its life ends. */
export type EndOfLife = Pick<Distro, "name" | "title" | "eol">

/** Whether a distro gets fixes no more on a day, such as 2026-11-25: its `eol` is the last day that it does. */
export function hasEnded({ eol }: EndOfLife, today: string): boolean {
  return eol !== null && today > eol
}

/** The refusal of a distro that was named although its life has ended. */
export function endedError({ name, title, eol }: EndOfLife): FarmError {
  return new FarmError(
    `--distro=${name}: ${title} got its last fixes on ${eol}; take another, or extend it by a distro of your own with a later eol if you get fixes elsewhere`,
  )
}

/** The line that says that a distro is left out since its life has ended. */
export function leftOutLine({ name, title, eol }: EndOfLife): string {
  return `${name} is left out: ${title} got its last fixes on ${eol}`
}

/** A catalog by a day: without the distros whose life has ended, and a line for each of these. */
export function supportedCatalog(from: Catalog, today: string): { catalog: Catalog; leftOut: string[] } {
  const all = [...from.distros]
  const distros = new Map(all.filter(([, distro]) => !hasEnded(distro, today)))
  return { catalog: { ...from, distros }, leftOut: all.flatMap(([name, distro]) => (distros.has(name) ? [] : [leftOutLine(distro)])) }
}
