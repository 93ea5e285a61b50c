import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { clean, MINUTE, MIRROR, NO_MIRROR, publishedImage, room, until } from "../../support/farm.ts"
import { build, CASES, CHART, KUBE_HOME, objectsOf, type Rendered, template, valuesOf } from "../../support/kube/chart.ts"
import { Cluster, NO_CLUSTER } from "../../support/kube/cluster.ts"
import { FARM_CHARTS, type FarmChart, NO_FARM_CHARTS, render, sourceOf, valuesFor } from "../../support/kube/farm.ts"
import { ofKind, rendered } from "../../support/kube/rendered.ts"
import { SCHEMA_LOCATION, writeSchemas } from "../../support/kube/schemas.ts"

const cluster = new Cluster()
const schemas = room()

const listOf = (items: Rendered[]) => JSON.stringify({ apiVersion: "v1", kind: "List", items })

beforeAll(async () => {
  if (NO_CLUSTER) return
  await build("kubeconform", "gateway-api")
  await cluster.up()
  await cluster.kubectl(["apply", "--server-side", "--filename", join(KUBE_HOME, "httproutes.yaml")])
  await cluster.kubectl(["wait", "--for=condition=Established", "crd/httproutes.gateway.networking.k8s.io", "--timeout=60s"])
  await until("its kinds are told of", 60, async () =>
    (await cluster.kubectl(["get", "--raw", "/openapi/v3"])).includes("apis/gateway.networking.k8s.io/v1"),
  )
}, 60 * MINUTE)
afterAll(() => cluster.down())
afterAll(clean)

describe.skipIf(NO_CLUSTER !== undefined)(`a real API server ${NO_CLUSTER ?? ""}`, { timeout: 10 * MINUTE }, () => {
  /** What kubeconform says of objects, by what the API server tells of its kinds. */
  async function conform(text: string, folder = schemas): Promise<string> {
    const location = `--schema-location=${join(folder, SCHEMA_LOCATION)}`.replace("--", "-")
    const { all } = await execa(join(KUBE_HOME, "bin/kubeconform"), ["-strict", "-summary", location], {
      input: text,
      all: true,
      reject: false,
    })
    return all
  }

  test("its schemas are written down", async () => {
    await writeSchemas(cluster, schemas)
    const wrong = (await template("desk", CHART, `--values=${valuesOf("default")}`)).replace("enableServiceLinks", "enableServiceLink")
    expect(await conform(wrong)).toMatch(/StatefulSet desk-helios is invalid: .*additional properties 'enableServiceLink' not allowed/)
  })

  test.each(CASES)("kubeconform takes the objects of %s by them", async (name) => {
    const text = await template("desk", CHART, `--values=${valuesOf(name)}`)
    const count = objectsOf(text).length
    expect(await conform(text)).toBe(
      `Summary: ${count} resource${count === 1 ? "" : "s"} found parsing stdin - Valid: ${count}, Invalid: 0, Errors: 0, Skipped: 0`,
    )
  })

  test.skipIf(NO_FARM_CHARTS)(`kubeconform takes a farm's engines and runners ${NO_FARM_CHARTS ?? ""}`, async () => {
    const [engine, runners] = FARM_CHARTS as [FarmChart, FarmChart]
    const kinds = await sourceOf(runners, "charts/gha-runner-scale-set-controller/crds")
    await cluster.kubectl(["apply", "--server-side", "--filename", kinds])
    await cluster.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"])
    await until("its kinds are told of", 60, async () =>
      (await cluster.kubectl(["get", "--raw", "/openapi/v3"])).includes("actions.github.com"),
    )
    const known = room()
    await writeSchemas(cluster, known)
    // Annotations that are empty, as GitHub's chart has them, the API server takes and no schema does.
    const made = async (chart: FarmChart) =>
      JSON.stringify(objectsOf(await render(chart, valuesFor(chart))), (_, value) => value ?? undefined)
    for (const chart of [engine, runners]) {
      const items = JSON.parse(await made(chart))
      expect(await conform(listOf(items), known)).toContain(`Valid: ${items.length}, Invalid: 0, Errors: 0, Skipped: 0`)
    }
    const wrong = JSON.parse((await made(runners)).replace("mountPath", "mountPat"))
    expect(await conform(listOf(wrong), known)).toMatch(/AutoscalingRunnerSet helios-debian-amd64 is invalid: .*'mountPat'/)
  })

  const dryRun = (items: Rendered[], ...options: string[]) =>
    cluster.kubectl(["apply", "--dry-run=server", "--validate=strict", "--filename=-", ...options], listOf(items))

  test.each(CASES)("it would take the objects of %s itself", async (name) => {
    const objects = await rendered(name)
    expect((await dryRun(objects)).split("\n")).toHaveLength(objects.length)
  })

  test.each([
    ["networkPolicy.enabled=true,networkPolicy.closedCidrs[0]=300.0.0.0/8", /300\.0\.0\.0\/8/],
    ["ingress.enabled=true,ingress.hosts[0]=a..b", /Invalid value: "a\.\.b"/],
    ["persistence.accessModes={ReadWriteOnce,ReadWriteOncePod}", /ReadWriteOncePod/],
  ])("and says no to what no schema sees: %s", async (value, why) => {
    await expect(rendered("default", `--set=${value}`).then((objects) => dryRun(objects))).rejects.toThrow(why)
  })

  test("Pod Security's `baseline` takes desktops; `restricted` takes those without root, and helm's test", async () => {
    const podOf = async (name: string) => {
      const { spec } = ofKind(await rendered(name), "StatefulSet").spec.template
      const volumes = [...spec.volumes, { name: "home", emptyDir: {} }]
      return { apiVersion: "v1", kind: "Pod", metadata: { name: "desk" }, spec: { ...spec, volumes } }
    }
    for (const level of ["baseline", "restricted"]) {
      await cluster.kubectl(["create", "namespace", level])
      await cluster.kubectl(["label", "namespace", level, `pod-security.kubernetes.io/enforce=${level}`])
    }
    expect(await dryRun([await podOf("default")], "--namespace=baseline")).toContain("created")
    await expect(dryRun([await podOf("default")], "--namespace=restricted")).rejects.toThrow(/violates PodSecurity "restricted:latest"/)
    expect(await dryRun([await podOf("restricted")], "--namespace=restricted")).toContain("created")
    expect(await dryRun([ofKind(await rendered("default"), "Pod")], "--namespace=restricted")).toContain("created")
  })

  describe.skipIf(!MIRROR)(`with the image ${MIRROR ? "" : NO_MIRROR}`, () => {
    const image = ["--set=image.repository=localhost/helios,image.tag=test,settings.USER=bob,secret.password=correct-horse"]
    const wait = ["--wait", "--timeout=150s"]
    const inPod = (name: string, ...command: string[]) => cluster.kubectl(["exec", name, "--", ...command])

    test("`helm install` ends when the desktop can be used, and `helm test` asks it", async () => {
      await cluster.load(await publishedImage("helios"), "localhost/helios:test")
      await cluster.volume("one")
      await cluster.helm(["install", "desk", CHART, ...image, ...wait])
      expect(await inPod("desk-helios-0", "as-user", "sh", "-c", "echo kept >~/kept; id -un")).toBe("bob")
      expect(await cluster.helm(["test", "desk", "--logs"])).toMatch(/Phase: +Succeeded[\s\S]*200/)
    })

    test("without root it is a desktop where Pod Security enforces `restricted`", async () => {
      await cluster.volume("restricted")
      await cluster.helm(["install", "desk", CHART, ...image, ...wait, "--namespace=restricted", "--set=unprivileged=true"])
      const inside = ["--namespace=restricted", "desk-helios-0", "--", "as-user", "sh", "-c"]
      expect(await cluster.kubectl(["exec", ...inside, "id -un; id -u; grep CapBnd /proc/1/status; touch ~/mine"])).toBe(
        "bob\n1000\nCapBnd:\t0000000000000000",
      )
      await cluster.helm(["uninstall", "desk", "--namespace=restricted", ...wait])
    })

    test("`helm test` fails where there is no desktop", async () => {
      const scale = (count: number) => cluster.kubectl(["scale", "statefulset/desk-helios", `--replicas=${count}`])
      await scale(0)
      await cluster.kubectl(["wait", "--for=delete", "pod/desk-helios-0", "--timeout=60s"])
      await expect(cluster.helm(["test", "desk", "--timeout=120s"])).rejects.toThrow(/desk-helios-test/)
      await scale(1)
    })

    test("another setting starts it anew with the same home, which outlives the release", async () => {
      await cluster.helm(["upgrade", "desk", CHART, "--reuse-values", "--set=settings.PREFIX=/desk,settings.TITLE=Desk", ...wait])
      expect(await inPod("desk-helios-0", "as-user", "sh", "-c", "cat ~/kept")).toBe("kept")
      await cluster.helm(["test", "desk"])
      await cluster.helm(["uninstall", "desk", ...wait])
      expect(await cluster.kubectl(["get", "pvc", "home-desk-helios-0", "--output=jsonpath={.status.phase}"])).toBe("Bound")
    })

    test("a list of desktops shares a claim, each with its own hooks and passwords", async () => {
      await cluster.kubectl([
        "create",
        "secret",
        "generic",
        "passwords",
        "--from-literal=bob=correct-horse",
        "--from-literal=ann=battery-staple",
      ])
      await cluster.volume("homes")
      const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } }
      await cluster.kubectl(
        ["apply", "--filename=-"],
        JSON.stringify({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "homes" }, spec: claim }),
      )
      const desktops = ["bob", "ann"].map((name, at) => ({
        name,
        settings: { USER: name, UID: 1001 + at, PREFIX: `/${name}` },
        secret: { passwordKey: name },
        hooks: { init: { "10-hello.sh": `echo "hello from ${name}'s"\n` } },
      }))
      const values = { secret: { existing: "passwords" }, persistence: { existingClaim: "homes" }, desktops }
      await cluster.helm([
        "install",
        "desks",
        CHART,
        "--set=image.repository=localhost/helios,image.tag=test",
        `--values=${cluster.write("list.json", JSON.stringify(values))}`,
        ...wait,
      ])
      for (const { name } of desktops) {
        expect(await cluster.kubectl(["logs", `desks-helios-${name}-0`])).toContain(`hello from ${name}'s`)
        expect(await inPod(`desks-helios-${name}-0`, "stat", "--format=%U", `/home/${name}`)).toBe(name)
      }
      await cluster.helm(["test", "desks", "--logs"])
    })
  })
})
