import type { Defect } from "./defect.ts"

/** Breaks of what keeps a desktop's user a user, in both profiles. */
export const CONTAINED: Defect[] = []
