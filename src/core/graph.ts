import type { Plan } from "./plan.ts"

/** The build graph of a plan in Graphviz's DOT language: what is built from what. */
export function graph(plan: Plan): string {
  const steps: [id: string, label: string, from: string[]][] = [
    ["base", plan.base.image, []],
    ["settings", `settings\n${plan.settings.join("\n")}`, ["base"]],
    ["packages", `packages\n${plan.packages.length} and what they need`, ["settings"]],
    ...plan.scripts.map((script, index): [string, string, string[]] => [
      `script${index}`,
      script,
      [index ? `script${index - 1}` : "packages"],
    ]),
    ["rootfs", "rootfs\none layer", [plan.scripts.length ? `script${plan.scripts.length - 1}` : "packages"]],
    ...plan.overlays.map((folder, index): [string, string, string[]] => [
      `overlay${index}`,
      folder,
      [index ? `overlay${index - 1}` : "rootfs"],
    ]),
    ["image", `${plan.repository}\n${plan.distro} ${plan.platform}`, [`overlay${plan.overlays.length - 1}`]],
  ]
  const lines = steps.flatMap(([id, label, from]) => [
    `  ${id} [label=${JSON.stringify(label)}]`,
    ...from.map((source) => `  ${source} -> ${id}`),
  ])
  return `digraph helios {\n  rankdir=LR\n  node [shape=box style=rounded fontname="DejaVu Sans" fontsize=11]\n${lines.join("\n")}\n}\n`
}
