import type { Defect } from "./defect.ts"

/** Breaks of what the helios profile promises of guessing and of who is let in. */
export const HELIOS_GUESTS: Defect[] = []
