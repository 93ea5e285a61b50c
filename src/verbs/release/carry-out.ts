import { listed, told, type Work } from "../../core/release/outcome.ts"
import type { Brought } from "./context.ts"

/** Opens what a verb of releases works with, and does its work: the outcome in lines, or one line if the plan publishes nothing. */
export async function carryOut<T>(brought: Brought, open: (brought: Brought) => Promise<T>, work: Work<T>): Promise<string> {
  const { order } = brought
  if (!order.publications.length) return listed(order)
  return told(order, await work(await open(brought), order.publications))
}
