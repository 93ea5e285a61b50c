import { CHART, objectsOf, type Rendered, template, valuesOf } from "./chart.ts"

/** The objects of the chart for values of ci, with more options. */
export const rendered = async (name: string, ...options: string[]) =>
  objectsOf(await template("desk", CHART, `--values=${valuesOf(name)}`, ...options))

/** The first object of a kind, or the one of that name. */
export const ofKind = (objects: Rendered[], kind: string, name?: string): Rendered =>
  objects.find((one) => one.kind === kind && (!name || one.metadata.name === name))

/** The pod, its container and the container's environment of a case, with more options. */
export async function desktop(name: string, ...options: string[]) {
  const objects = await rendered(name, ...options)
  const set = ofKind(objects, "StatefulSet")
  const pod = set.spec.template.spec
  const [container] = pod.containers
  const env = Object.fromEntries(container.env.map((one: { name: string; value: string }) => [one.name, one.value]))
  const volume = (wanted: string) => pod.volumes.find((one: { name: string }) => one.name === wanted)
  return { objects, set, pod, container, env, volume }
}
