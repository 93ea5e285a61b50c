import type { Container } from "@dagger.io/dagger"
import type { Plan } from "../../core/plan/plan.ts"

/** The packages that an image's package manager knows, with their versions, a line each. */
export async function inventory(plan: Plan, image: Container): Promise<string> {
  return image.withExec(plan.packageManager.list).stdout()
}
