import { COMPONENTS, type Component, LAYERS } from "./components.ts"
import type { Plan } from "./plan.ts"

/** A box of the drawing, and the boxes that it is made from. */
type Step = [id: string, label: string, from: string[]]

/** The build graph of a plan in Graphviz's DOT language: what is built from what. */
export function graph(plan: Plan): string {
  const scripts = chain("packages", plan.scripts, "script")
  const layers = chain("rootfs", plan.components.length ? [...LAYERS] : [], "layer").map(
    ([id, name, from]): Step => [id, `layer\n${name}`, [...from, ...(name === "licences" ? plan.components.map(sourcesOf) : [name])]],
  )
  const overlays = chain(last(layers, "rootfs"), plan.overlays, "overlay")
  const steps: Step[] = [
    ["base", plan.base.image, []],
    ["settings", `settings\n${plan.settings.join("\n")}`, ["base"]],
    ["packages", `packages\n${plan.packages.length} and what they need`, ["settings"]],
    ...scripts,
    ["rootfs", "rootfs\none layer", [last(scripts, "packages")]],
    ...builds(plan),
    ...layers,
    ...overlays,
    ["image", `${plan.repository}\n${plan.distro} ${plan.platform}`, [last(overlays, "rootfs")]],
  ]
  const lines = steps.flatMap(([id, label, from]) => [
    `  ${quoted(id)} [label=${JSON.stringify(label)}]`,
    ...from.map((source) => `  ${quoted(source)} -> ${quoted(id)}`),
  ])
  return `digraph helios {\n  rankdir=LR\n  node [shape=box style=rounded fontname="DejaVu Sans" fontsize=11]\n${lines.join("\n")}\n}\n`
}

/** The components with what they are built from and on. */
function builds({ toolchain, components }: Plan): Step[] {
  if (!toolchain) return []
  return [
    ["toolchain", `toolchain\n${toolchain.base.image}\n${toolchain.packages.length} packages`, []],
    ["tools", "the farm's own tools", []],
    ...components.flatMap((component): Step[] => [
      [sourcesOf(component), pins(component), []],
      [component.name, built(component), [sourcesOf(component), ...groundsOf(component)]],
    ]),
  ]
}

/** The boxes of what a component is built on; the farm's own tools are one for all purposes. */
function groundsOf({ name }: Component): string[] {
  return COMPONENTS[name].on.map((ground) => ground.replace(/:.*/, ""))
}

function pins({ sources, history }: Component): string {
  const named = Object.entries(sources).map(([name, { commit }]) => `${name} ${commit.slice(0, 12)}`)
  return [...named, ...(history ? [`fixes from ${history.name} ${history.commit.slice(0, 12)}`] : [])].join("\n")
}

function built({ name, patches }: Component): string {
  if (!patches.length) return name
  return `${name}\n${patches.length} ${patches.length === 1 ? "patch" : "patches"}`
}

function sourcesOf({ name }: Component): string {
  return `${name} sources`
}

/** Steps one after another, the first of them after what was there before. */
function chain(before: string, names: string[], kind: string): Step[] {
  return names.map((name, index) => [`${kind}${index}`, name, [index ? `${kind}${index - 1}` : before]])
}

function last(steps: Step[], otherwise: string): string {
  return steps.at(-1)?.[0] ?? otherwise
}

/** An identifier as DOT takes it. */
function quoted(id: string): string {
  return /^[A-Za-z_]\w*$/.test(id) ? id : JSON.stringify(id)
}
