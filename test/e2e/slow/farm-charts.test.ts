import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { ROOT } from "../../support/catalog.ts"
import { clean, MINUTE } from "../../support/farm.ts"
import { build, objectsOf } from "../../support/kube/chart.ts"
import { FARM_CHARTS, type FarmChart, NO_FARM_CHARTS, render, sourceOf, type Values, valuesFor } from "../../support/kube/farm.ts"
import { ofKind } from "../../support/kube/rendered.ts"

const [engine, runners] = FARM_CHARTS as [FarmChart, FarmChart]

beforeAll(() => build("helm"), 10 * MINUTE)
afterAll(clean)

type Path = (string | number)[]

/** Where values of ours are: each that holds no others. */
const pathsOf = (value: Values, path: Path = []): Path[] =>
  value !== null && typeof value === "object"
    ? Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, Array.isArray(value) ? Number(name) : name]))
    : [path]

/** Values without the one at a path, or with it under another name. */
function changed(values: Values, path: Path, rename?: string): Values {
  const copy = structuredClone(values)
  const holder = path.slice(0, -1).reduce((inner, name) => inner[name], copy)
  const last = path.at(-1) as string
  if (rename) holder[rename] = holder[last]
  if (Array.isArray(holder)) holder.splice(Number(last), 1)
  else delete holder[last]
  return copy
}

/** What is rendered, but for a sum of all values, which any of them changes. */
const essence = (text: string) => text.replaceAll(/^ *(actions\.github\.com\/values-hash|checksum\/config): .*\n/gm, "")

/** The values that change nothing: the chart doesn't know them, or has them so by itself. */
async function idleValues(chart: FarmChart, values: Values): Promise<string[]> {
  const whole = essence(await render(chart, values))
  const idle: string[] = []
  for (const path of pathsOf(values)) if (essence(await render(chart, changed(values, path))) === whole) idle.push(path.join("."))
  return idle
}

describe.skipIf(NO_FARM_CHARTS)(`a farm's engines and runners ${NO_FARM_CHARTS ?? ""}`, { timeout: 10 * MINUTE }, () => {
  test.each(FARM_CHARTS)("every value for $name changes what $repository $version makes", async (chart) => {
    expect(await idleValues(chart, valuesFor(chart))).toEqual([])
  })

  test("one that the chart doesn't know, or has by itself, is seen", async () => {
    const claim = ["engine", "statefulSet", "persistentVolumeClaim", "enabled"]
    const typo = changed(valuesFor(engine), claim, "enable")
    expect(await idleValues(engine, { ...typo, magicache: { enabled: false } })).toEqual(
      expect.arrayContaining(["engine.statefulSet.persistentVolumeClaim.enable", "magicache.enabled"]),
    )
    expect(await idleValues(runners, changed(valuesFor(runners), ["maxRunners"], "maxRunner"))).toEqual(["maxRunner"])
  })

  test("the engine's configuration is one that it takes, which no typo would be", async () => {
    const known = JSON.parse(readFileSync(await sourceOf(engine, "docs/static/reference/engine.schema.json"), "utf8"))
    // The engine itself asks for none of a registry's fields.
    delete known.$defs.RegistryConfig.required
    const schema = z.fromJSONSchema(known)
    const text = ofKind(objectsOf(await render(engine, valuesFor(engine))), "ConfigMap").data["engine.json"]
    expect(schema.safeParse(JSON.parse(text)).error).toBe(undefined)
    for (const name of ["maxUsedSpace", "policies", "mirrors", "gc"])
      expect(schema.safeParse(JSON.parse(text.replace(`"${name}"`, `"${name}s"`))).success, name).toBe(false)
  })

  test("runners are where the engine's pod is, and have the folder of its socket", async () => {
    const [ours, theirs] = [objectsOf(await render(engine, valuesFor(engine))), objectsOf(await render(runners, valuesFor(runners)))]
    const { metadata, spec } = ofKind(ours, "StatefulSet").spec.template
    const set = ofKind(theirs, "AutoscalingRunnerSet")
    const runner = set.spec.template.spec
    const [{ labelSelector }] = runner.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution
    expect(metadata.labels).toMatchObject(labelSelector.matchLabels)
    expect(set.metadata.name).toBe("helios-debian-amd64")
    const run = spec.volumes.find((one: Values) => one.name === "run")
    expect(runner.volumes[0].hostPath.path).toBe(run.hostPath.path)
    const [mount] = runner.containers[0].volumeMounts
    expect(spec.containers[0].volumeMounts).toContainEqual({ name: "run", mountPath: mount.mountPath })
    expect(runner.containers[0].env[0].value).toBe(`unix://${mount.mountPath}/engine.sock`)
    expect(spec.tolerations).toEqual(runner.tolerations)
    expect(spec.nodeSelector).toEqual({ "helios-shard": "debian-amd64" })
  })

  test("the pod is the one that docs/farm.md's address names, with the claim that it names", async () => {
    const page = readFileSync(join(ROOT, "docs/farm.md"), "utf8")
    const set = ofKind(objectsOf(await render(engine, valuesFor(engine))), "StatefulSet")
    const [container] = set.spec.template.spec.containers
    expect(page).toContain(`'kube-pod://${set.metadata.name}-0?namespace=${set.metadata.namespace}&container=${container.name}'`)
    expect(page).toContain(`\`${set.spec.volumeClaimTemplates[0].metadata.name}-${set.metadata.name}-0\``)
    expect(container.image).toBe(`registry.dagger.io/engine:${engine.tag}`)
  })

  test("its state may be in a folder of the node, as docs/farm.md says", async () => {
    const page = readFileSync(join(ROOT, "docs/farm.md"), "utf8")
    const [option = ""] = page.match(/--set engine\.statefulSet\S+enabled=true/) ?? []
    const set = ofKind(objectsOf(await render(engine, valuesFor(engine), ...option.split(" "))), "StatefulSet")
    expect(set.spec.volumeClaimTemplates).toBe(undefined)
    const data = set.spec.template.spec.volumes.find((one: Values) => one.name === "data")
    expect(page).toContain(`\`${data.hostPath.path}\``)
  })
})
