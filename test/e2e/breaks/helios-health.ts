import type { Defect } from "./defect.ts"

/** Breaks of what the helios profile promises of hangs and of how it tells its health. */
export const HELIOS_HEALTH: Defect[] = []
