import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { stringify } from "yaml"
import { clean, MINUTE, reportFolder, until } from "../../support/farm.ts"
import { build, CHART, KUBE_HOME } from "../../support/kube/chart.ts"
import { Cluster, NO_CLUSTER } from "../../support/kube/cluster.ts"
import { drawFleet, type FleetFigures } from "../../support/kube/fleet.ts"
import { CONTROL_PLANE, PODS_A_NODE, simulate, usageOf } from "../../support/kube/simulated.ts"

/** With HELIOS_DESKTOPS=10000 figures alone count: an hour on two cores. */
const DESKTOPS = Number(process.env.HELIOS_DESKTOPS ?? 1000)
const A_RELEASE = 100
const RELEASES = Array.from({ length: DESKTOPS / A_RELEASE }, (_, index) => `class-${index}`)
const LIMIT = DESKTOPS > 1000 ? 240 : 12

const cluster = new Cluster()
const figures: FleetFigures = { desktops: DESKTOPS, nodes: Math.ceil(DESKTOPS / PODS_A_NODE) + 1, ready: [] }

/** A release of a hundred desktops with every kind of object that the chart has. */
const values = (release: string, tag: string) => ({
  image: { tag },
  settings: { USER: "bob", AUTH: "proxy", HOSTS: "desk.example" },
  secret: { proxySecret: "a-secret-of-the-proxys" },
  hooks: { init: { "10-hello.sh": "echo hello\n" } },
  ingress: { enabled: true, hosts: ["desk.example"] },
  httpRoute: { enabled: true, hostnames: ["desk.example"], parentRefs: [{ name: "gateway" }] },
  networkPolicy: { enabled: true },
  podDisruptionBudget: { enabled: true },
  desktops: Array.from({ length: A_RELEASE }, (_, index) => ({ name: `d${index}`, settings: { PREFIX: `/${release}/d${index}` } })),
})

const filesOf = (tag: string) =>
  RELEASES.map((release) => [release, cluster.write(`${release}-${tag}.yaml`, stringify(values(release, tag)))] as const)

async function count(jsonpath: string): Promise<number> {
  const words = await cluster.kubectl(["get", "pods", `--output=jsonpath=${jsonpath}`])
  return words.split(" ").filter(Boolean).length
}

const READY = '{.items[?(@.status.phase=="Running")].metadata.name}'
const ofTag = (tag: string) => `{.items[?(@.spec.containers[0].image=="registry/helios:${tag}")].metadata.name}`

beforeAll(async () => {
  if (NO_CLUSTER) return
  await build("gateway-api")
  await cluster.up()
  await cluster.kubectl(["apply", "--server-side", "--filename", join(KUBE_HOME, "httproutes.yaml")])
  await simulate(cluster, DESKTOPS)
}, 60 * MINUTE)
afterAll(() => cluster.down())
afterAll(clean)
afterAll(draw)

/** Writes the figures down, and draws how the pods came: docs/data/fleet.json has those of a thousand. */
async function draw(): Promise<void> {
  if (!figures.ready.length) return
  const path = join(reportFolder(), `fleet-${DESKTOPS}`)
  writeFileSync(`${path}.json`, `${JSON.stringify(figures, null, 2)}\n`)
  await drawFleet(`${path}.json`, `${path}.svg`)
  console.log(JSON.stringify({ ...figures, ready: undefined }))
}

describe.skipIf(NO_CLUSTER !== undefined)(`${DESKTOPS} simulated desktops ${NO_CLUSTER ?? ""}`, { timeout: LIMIT * MINUTE }, () => {
  test("are all ready in ten minutes, with every object", async () => {
    const began = Date.now()
    const before = usageOf(cluster)
    expect(Object.keys(before).sort()).toEqual([...CONTROL_PLANE].sort())
    const installed = (async () => {
      for (const [release, file] of filesOf("one")) await cluster.helm(["install", release, CHART, `--values=${file}`])
    })()
    await until(
      "all are ready",
      LIMIT * 60,
      async () => {
        const pods = await count(READY)
        figures.ready.push([(Date.now() - began) / 1000, pods])
        return pods === DESKTOPS
      },
      3000,
    )
    await installed
    figures.readySeconds = Math.round((Date.now() - began) / 1000)
    figures.controlPlane = Object.fromEntries(
      Object.entries(usageOf(cluster)).map(([name, { megabytes, seconds }]) => [
        name,
        { megabytes, seconds: Math.round(seconds - (before[name]?.seconds ?? 0)) },
      ]),
    )
    const kinds = "statefulsets,services,configmaps,ingresses,httproutes,networkpolicies,poddisruptionbudgets,persistentvolumeclaims"
    const objects = await cluster.kubectl(["get", kinds, "--selector=app.kubernetes.io/name=helios", "--output=name"])
    const of = (kind: string) => objects.split("\n").filter((one) => one.startsWith(kind)).length
    for (const kind of ["statefulset", "service", "configmap", "ingress", "httproute", "networkpolicy", "poddisruptionbudget"]) {
      expect(`${kind} ${of(kind)}`).toBe(`${kind} ${DESKTOPS}`)
    }
    expect((await cluster.kubectl(["get", "persistentvolumeclaims", "--output=name"])).split("\n")).toHaveLength(DESKTOPS)
    if (DESKTOPS <= 1000) expect(figures.readySeconds).toBeLessThanOrEqual(600)
  })

  test("take another image, all of them", async () => {
    const began = Date.now()
    for (const [release, file] of filesOf("two")) await cluster.helm(["upgrade", release, CHART, `--values=${file}`])
    await until("all have it", LIMIT * 60, async () => (await count(ofTag("two"))) === DESKTOPS && (await count(READY)) === DESKTOPS, 3000)
    figures.updatedSeconds = Math.round((Date.now() - began) / 1000)
  })

  test("go, and leave their claims", async () => {
    const began = Date.now()
    for (const release of RELEASES) await cluster.helm(["uninstall", release])
    await until("all are gone", LIMIT * 60, async () => (await count("{.items[*].metadata.name}")) === 0, 3000)
    figures.goneSeconds = Math.round((Date.now() - began) / 1000)
    expect((await cluster.kubectl(["get", "persistentvolumeclaims", "--output=name"])).split("\n")).toHaveLength(DESKTOPS)
  })
})
