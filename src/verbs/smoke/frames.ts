import type { Container } from "@dagger.io/dagger"
import type { Plan } from "../../core/plan/plan.ts"
import type { Farm } from "../farm.ts"
import { measure } from "./lab.ts"

/** Shows a moving picture on an image's display and counts what its VNC server sends a client in so many seconds, as JSON. */
export async function frames(farm: Farm, plan: Plan, image: Container, seconds: number): Promise<string> {
  return measure(farm, plan, image, ["frames", String(seconds)])
}
