import { existsSync } from "node:fs"
import { hostname } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { stringify } from "yaml"
import { blocksOf, readPage } from "../../contract/pages.ts"
import { built, complaint } from "../../support/engine/engine.ts"
import { outside } from "../../support/engine/host.ts"
import { BASES, call, clean, MINUTE, REGISTRY, ROOT } from "../../support/farm.ts"
import { KUBE_HOME } from "../../support/kube/chart.ts"
import { Cluster, NO_CLUSTER } from "../../support/kube/cluster.ts"
import { FARM_CHARTS, type FarmChart, NO_FARM_CHARTS, sourceOf, valuesFor } from "../../support/kube/farm.ts"
import { digests } from "../../support/releases/registry.ts"

const SKIPPED = NO_CLUSTER ?? NO_FARM_CHARTS
const [engine] = FARM_CHARTS as [FarmChart]
const KVDI = ["--distro=bookworm", "--profile=kvdi"]
const REPOSITORY = `pod-engine-${process.pid}`
const CERTIFICATES = "/usr/local/share/ca-certificates"

const cluster = new Cluster()
/** Where an engine of this machine would have to be, if a call started one. */
const none = join(cluster.folder, "engine")
const took: Record<string, number> = {}

/** The lines of a block of docs/farm.md. */
function linesWith(word: string): string {
  const found = blocksOf(readPage("docs/farm.md")).find(({ lines }) => lines.some((line) => line.startsWith(word)))
  return (found?.lines ?? []).join("\n")
}

async function timed<T>(what: string, work: Promise<T>): Promise<T> {
  const began = Date.now()
  const done = await work
  took[what] = (Date.now() - began) / 1000
  return done
}

/** Runs lines of that page on this machine, which has the CLI and reaches the cluster by kubectl. */
function here(text: string, minutes = 20) {
  const kubectl = dirname(cluster.within(join(KUBE_HOME, "bin/kubectl")))
  const PATH = [kubectl, join(built, "bin"), process.env.PATH].join(delimiter)
  const env = { PATH, KUBECONFIG: join(cluster.folder, "pki/admin.conf"), HELIOS_ENGINE_HOME: none }
  return execa("bash", ["-ec", text], { env, cwd: ROOT, reject: false, stdin: "ignore", timeout: minutes * MINUTE })
}

/** The line that names the engine, before a call. */
const ADDRESS = linesWith("export _EXPERIMENTAL_DAGGER_RUNNER_HOST").split("\n")[0]

/** What a call printed that was sent to the pod. */
async function sent(words: string, minutes?: number): Promise<string> {
  const { exitCode, stdout, stderr } = await here(`${ADDRESS}\n${words}`, minutes)
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${words}\n${stderr.slice(-4000)}`)
  return stdout.trim()
}

const inFarm = (...args: string[]) => cluster.kubectl(["--namespace=debian-amd64", ...args])
const isReady = () => inFarm("rollout", "status", "statefulset/helios-engine", "--timeout=150s")

/** What Prometheus reads of the pod, by its name. */
async function metric(name: string): Promise<number> {
  const address = await inFarm("get", "pod", "helios-engine-0", "--output=jsonpath={.status.podIP}")
  const { stdout } = await cluster.run(["curl", "--silent", "--fail", `http://${address}:9090/metrics`])
  return Number(String(stdout).match(RegExp(`^${name} (\\S+)$`, "m"))?.[1])
}

/** Values for what this machine is: where its bases are, where images go, and whom it trusts. */
function ownValues(): string {
  const registries = { "docker.io": { mirrors: [outside(BASES)] }, [outside(BASES)]: { http: true }, [outside(REGISTRY)]: { http: true } }
  const configJson = JSON.stringify({ ...JSON.parse(valuesFor(engine).engine.configJson), registries })
  const own = {
    volumes: [{ name: "certificates", hostPath: { path: CERTIFICATES, type: "DirectoryOrCreate" } }],
    volumeMounts: [{ name: "certificates", mountPath: CERTIFICATES }],
  }
  return cluster.write("values.yaml", stringify({ engine: { configJson, ...own } }))
}

beforeAll(async () => {
  if (SKIPPED) return
  // It starts no container, but the registry has the bases then.
  await call(["image", ...KVDI, "kvdi-template", "--address=registry/helios:tag"], 20)
  await cluster.up()
  await cluster.open()
  // What the chart lays there is the node's.
  await cluster.run(["mount", "-t", "tmpfs", "tmpfs", "/run"])
  await cluster.volume("data", "200Gi")
  const image = join(cluster.folder, "engine.tar")
  await execa(join(ROOT, "dagger/run"), ["engine", "image", image], { timeout: 10 * MINUTE })
  await timed("image taken by the node", cluster.take(image))
}, 100 * MINUTE)
afterAll(() => cluster.down())
afterAll(clean)
afterAll(() => console.table(took))

describe.skipIf(SKIPPED !== undefined)(`an engine as a pod of a real Kubernetes ${SKIPPED ?? ""}`, { timeout: 30 * MINUTE }, () => {
  test("is installed by docs/farm.md's lines: label, taint, create namespace and helm install", async () => {
    const chart = await sourceOf(engine, engine.folder)
    const text = linesWith("kubectl label node")
      .replaceAll("NODE", "farm")
      .replace(/oci:\S+ --version \S+/, chart)
      .replace("common/deploy", join(ROOT, "common/deploy"))
    const install = ["env", `PATH=${join(KUBE_HOME, "bin")}:${process.env.PATH}`, "bash", "-ec", `${text} --values ${ownValues()}`]
    const { exitCode, all } = await cluster.run(install, { all: true })
    expect(exitCode, String(all)).toBe(0)
    await timed("installed until ready", isReady())
    expect(await metric("dagger_connected_clients")).toBeGreaterThanOrEqual(0)
  })

  test("answers a call from this machine, which starts none of its own", async () => {
    expect(await timed("version", sent("dagger/run call version"))).toMatch(/^\d+\.\d+\.\d+$/)
    expect(existsSync(none)).toBe(false)
  })

  test("builds and publishes bookworm's kvdi by that page's lines: build … publish", async () => {
    const [, line = ""] = linesWith("export _EXPERIMENTAL_DAGGER_RUNNER_HOST").split("\n")
    const words = line.replace("--distro=bookworm", KVDI.join(" ")).replace("registry/helios:tag", `${outside(REGISTRY)}/${REPOSITORY}:pod`)
    const said = await timed("kvdi built and published", sent(words))
    expect(said).toMatch(RegExp(`${REPOSITORY}:pod@sha256:[0-9a-f]{64}$`))
    expect([...(await digests(REPOSITORY)).keys()]).toEqual(["pod"])
    const log = await inFarm("logs", "helios-engine-0")
    expect(log).toMatch(RegExp(`client_hostname=${hostname()} .* field=Container\\.publish `))
    expect(existsSync(none)).toBe(false)
  })

  test("proves it there as well", async () => {
    const smoke = `dagger/run call smoke ${KVDI.join(" ")} --only=user,input`
    expect(await timed("two promises", sent(`${smoke} summary`))).toMatch(/2 passed, 0 failed, 0 skipped$/)
  })

  test("that ends is started anew with what it had cached", async () => {
    await timed("pod deleted", inFarm("delete", "pod", "helios-engine-0"))
    await timed("ready again", isReady())
    const again = `dagger/run call build ${KVDI.join(" ")} publish --address=${outside(REGISTRY)}/${REPOSITORY}:again`
    await timed("kvdi published again", sent(again))
    expect(await metric("dagger_local_cache_corrupt_db_reset")).toBe(0)
    const tags = await digests(REPOSITORY)
    expect(tags.get("again")).toBe(tags.get("pod"))
    expect(took["kvdi published again"]).toBeLessThan((took["kvdi built and published"] as number) / 2)
  })

  test("that is gone is told in one line, and none is started in its place", async () => {
    await inFarm("scale", "statefulset/helios-engine", "--replicas=0")
    await inFarm("wait", "--for=delete", "pod/helios-engine-0", "--timeout=150s")
    const refused = await here(`${ADDRESS}\ndagger/run call version`)
    expect(refused.exitCode).toBe(1)
    expect(complaint(refused)).toMatch(/no engine at .*kube-pod:\/\/helios-engine-0\?.*pods "helios-engine-0" not found; start or install/)
    expect(existsSync(none)).toBe(false)
  })
})
