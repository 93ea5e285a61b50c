import type { Container } from "@dagger.io/dagger"
import type { Plan } from "../../core/plan/plan.ts"
import type { Farm } from "../farm.ts"
import { measure } from "./lab.ts"

/** Boots an image so many times and measures how long its desktop takes, and what the last one holds in memory, as JSON. */
export async function boots(farm: Farm, plan: Plan, image: Container, count: number): Promise<string> {
  return measure(farm, plan, image, ["boots", String(count)])
}
