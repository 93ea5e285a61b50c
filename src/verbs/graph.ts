import { dag, type File } from "@dagger.io/dagger"
import { graph } from "../core/plan/graph.ts"
import type { Plan } from "../core/plan/plan.ts"
import type { Farm } from "./farm.ts"
import { tool } from "./toolbox.ts"

/** A plan's build graph as SVG, drawn by Graphviz. */
export async function draw(farm: Farm, plan: Plan): Promise<File> {
  const dot = dag.directory().withNewFile("graph.dot", graph(plan)).file("graph.dot")
  return (await tool(farm, "graph"))
    .withMountedFile("/graph.dot", dot)
    .withExec(["dot", "-Tsvg", "-o", "/graph.svg", "/graph.dot"])
    .file("/graph.svg")
}
