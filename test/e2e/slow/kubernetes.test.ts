import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { create, inNetwork, must, removeBoxes } from "../../support/desktop/podman.ts"
import { clean, MINUTE, MIRROR, NO_MIRROR, processesWith, publishedImage, ROOT, until } from "../../support/farm.ts"
import { Cluster, NO_CLUSTER } from "../../support/kube/cluster.ts"
import { onPodman, terraChart, terraValues } from "../../support/kube/terra.ts"

const IMAGE = "localhost/helios:test"
const SKIPPED = NO_CLUSTER ?? (MIRROR ? undefined : NO_MIRROR)

/** What a program of Terra's user sees, and what it is to see. */
const ASKED = "id -u; id -g; echo $HOME $JUNO; cat /home/from-init"
const ANSWER = "4711\n4712\n/home/bob true\nextra"

const cluster = new Cluster()

/** Asks for the status that a page gives. */
const ASK = ["curl", "--silent", "--insecure", "--max-time", "5", "--output", "/dev/null", "--write-out", "%{http_code}"]

/** What a page gives beside the node. */
async function status(url: string, ...options: string[]): Promise<string> {
  const { stdout } = await cluster.run([...ASK, ...options, url])
  return String(stdout)
}

const podAddress = (name: string) => cluster.kubectl(["get", "pod", name, "--output=jsonpath={.status.podIP}"])
const rolledOut = (name: string) => cluster.kubectl(["rollout", "status", `statefulset/${name}`, "--timeout=150s"])
const inPod = (name: string, ...command: string[]) => cluster.kubectl(["exec", name, "--container=helios", "--", ...command])

function expectNothing({ folder }: Cluster): void {
  expect(processesWith(folder)).toEqual([])
  expect(readFileSync("/proc/mounts", "utf8")).not.toContain(folder)
  expect(execFileSync("find", ["/sys/fs/cgroup", "-maxdepth", "2", "-name", `*${basename(folder)}`], { encoding: "utf8" })).toBe("")
}

beforeAll(async () => {
  if (SKIPPED) return
  await cluster.up()
  await cluster.load(await publishedImage("helios"), IMAGE)
}, 100 * MINUTE)
afterAll(removeBoxes)
afterAll(() => cluster.down())
afterAll(clean)

describe.skipIf(SKIPPED !== undefined)(`on a real Kubernetes ${SKIPPED ?? ""}`, { timeout: 10 * MINUTE }, () => {
  const folder = join(ROOT, "common/deploy/kubernetes")
  const files = async () => (await cluster.kubectl(["kustomize", folder])).replace("registry/helios:tag", IMAGE)

  test("the files of common/deploy/kubernetes are a desktop with hooks, on a volume that is root's alone", async () => {
    await cluster.volume("home")
    await cluster.kubectl(["create", "secret", "generic", "helios", "--from-literal=password=correct-horse"])
    await cluster.kubectl(["apply", "--filename=-"], await files())
    await rolledOut("helios")
    const address = await podAddress("helios-0")
    expect(await status(`http://${address}:3000/health`)).toBe("200")
    expect(await status(`http://${address}:3000/`)).toBe("401")
    expect(await status(`http://${address}:3000/`, "--user", "bob:correct-horse")).toBe("200")
    expect(await cluster.kubectl(["logs", "helios-0"])).toContain("hello from init.d: the desktop of bob starts")
    expect(await inPod("helios-0", "as-user", "id", "-un")).toBe("bob")
    expect(await inPod("helios-0", "getent", "hosts", "helios-0.helios")).toContain(address)
  })

  test("the home outlives its pod, and so do what an owner made in it", async () => {
    await inPod("helios-0", "as-user", "sh", "-c", "echo kept >~/kept")
    const before = await cluster.kubectl(["get", "pod", "helios-0", "--output=jsonpath={.metadata.uid}"])
    await cluster.kubectl(["delete", "pod", "helios-0"])
    await rolledOut("helios")
    expect(await cluster.kubectl(["get", "pod", "helios-0", "--output=jsonpath={.metadata.uid}"])).not.toBe(before)
    expect(await inPod("helios-0", "as-user", "sh", "-c", "cat ~/kept")).toBe("kept")
  })

  /** A pod as the stateful set makes them, with another volume for the homes. */
  async function pod(name: string, home: object, more: object = {}): Promise<string> {
    const { spec } = JSON.parse(await cluster.kubectl(["get", "statefulset", "helios", "--output=json"])).spec.template
    const volumes = [...spec.volumes, { name: "home", ...home }]
    return JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { ...spec, volumes, ...more } })
  }

  /** It is ready, and its user has a home: what is in the folder, by mode, user and group. */
  async function homes(name: string): Promise<string[]> {
    await cluster.kubectl(["wait", "--for=condition=Ready", `pod/${name}`, "--timeout=120s"])
    await inPod(name, "as-user", "sh", "-c", "echo mine >~/mine")
    const found = await inPod(name, "stat", "--format=%a %u:%g %n", "/home", "/home/bob", "/home/bob/mine")
    await cluster.kubectl(["delete", "pod", name])
    return found.split("\n")
  }

  test.each([
    ["700", 0, "701", "750"],
    ["750", 0, "751", "750"],
    ["2770", 4711, "2771", "2750"],
  ])("a volume of mode %s is no hindrance", async (mode, group, opened, own) => {
    const path = cluster.space(`mode-${mode}`, Number.parseInt(mode, 8), group)
    await cluster.kubectl(["apply", "--filename=-"], await pod("moded", { hostPath: { path } }))
    const [volume, home, mine] = await homes("moded")
    expect(volume).toBe(`${opened} 0:${group} /home`)
    // What is made in a group's folder is the group's.
    expect(home).toBe(`${own} 1000:${group || 1000} /home/bob`)
    expect(mine).toMatch(/^644 1000:\d+ \/home\/bob\/mine$/)
  })

  test("a volume that is given to a group by fsGroup is none either, and the desktop has that group", async () => {
    await cluster.volume("grouped")
    const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } }
    const object = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "grouped" }, spec: claim }
    await cluster.kubectl(["apply", "--filename=-"], JSON.stringify(object))
    const home = { persistentVolumeClaim: { claimName: "grouped" } }
    await cluster.kubectl(["apply", "--filename=-"], await pod("grouped", home, { securityContext: { fsGroup: 4711 } }))
    await cluster.kubectl(["wait", "--for=condition=Ready", "pod/grouped", "--timeout=120s"])
    expect(await inPod("grouped", "as-user", "id", "-G")).toBe("1000 4711")
    const [volume, , mine] = await homes("grouped")
    expect(volume).toMatch(/^27[57]1? 0:4711 \/home$|^277[01] 0:4711 \/home$/)
    expect(mine).toMatch(/ 1000:\d+ \/home\/bob\/mine$/)
  })

  /** What Pod Security says at one of its levels of a pod as the stateful set makes them now. */
  async function asked(level: string): Promise<string> {
    const labels = { "pod-security.kubernetes.io/enforce": level }
    const space = { apiVersion: "v1", kind: "Namespace", metadata: { name: level, labels } }
    await cluster.kubectl(["apply", "--filename=-"], JSON.stringify(space))
    return cluster.kubectl(["apply", `--namespace=${level}`, "--dry-run=server", "--filename=-"], await pod("helios", { emptyDir: {} }))
  }

  test("Pod Security's `baseline` takes them, and `restricted` doesn't", async () => {
    expect(await asked("baseline")).toContain("created")
    await expect(asked("restricted")).rejects.toThrow(/violates PodSecurity "restricted:latest": unrestricted capabilities/)
  })

  test("with the patch nobody in them is root: `restricted` takes them too, and they are a desktop", async () => {
    await cluster.kubectl(["patch", "statefulset/helios", `--patch-file=${join(folder, "../unprivileged.yaml")}`])
    expect(await asked("restricted")).toContain("created")
    await rolledOut("helios")
    expect(await inPod("helios-0", "sh", "-c", "stat -c %u /proc/[0-9]* | sort -u; id -un; cat /home/bob/kept")).toBe("1000\nbob\nkept")
    const address = await podAddress("helios-0")
    expect(await status(`http://${address}:3000/`)).toBe("401")
    expect(await status(`http://${address}:3000/`, "--user", "bob:correct-horse")).toBe("200")
  })

  const forwarded = Object.entries({ For: "192.0.2.7", Host: "desk.example", Port: "443", Proto: "https", Scheme: "https" })
  const headers = ["Host: desk.example", "X-Real-IP: 192.0.2.7", ...forwarded.map(([name, value]) => `X-Forwarded-${name}: ${value}`)]
  const asIngress = headers.flatMap((header) => ["--header", header])

  const valuesFile = (values: object) => `--values=${cluster.write("values.json", JSON.stringify(values))}`

  test("Terra's own chart is a desktop: what it mounts, sets and runs before a stop, and its ingress' headers", async () => {
    await cluster.kubectl(["delete", "statefulset/helios"])
    await cluster.kubectl(["label", "node", "farm", "juno-innovations.com/workstation=true"])
    const { configMaps, values } = terraValues(IMAGE, cluster.space("desk"))
    await cluster.kubectl(["apply", "--filename=-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: configMaps }))
    await cluster.helm(["install", "desk", await terraChart(), valuesFile(values)])
    await rolledOut("desk")
    const page = `https://${await podAddress("desk-0")}:3000/polaris/desk/`
    await until("the desktop can be used", 120, async () => (await status(`${page}health`, ...asIngress)) === "200")
    expect(await status(page, ...asIngress)).toBe("200")
    expect(await status(page), "a name that HOSTS lacks").toBe("421")
    const ingress = JSON.parse(await cluster.kubectl(["get", "ingress", "desk-ingress", "--output=json"]))
    expect(ingress.spec.rules[0].http.paths[0].path).toBe("/polaris/desk/")
    expect(await inPod("desk-0", "as-user", "sh", "-c", ASKED)).toBe(ANSWER)
    expect(await cluster.kubectl(["logs", "desk-0"])).toContain("helios: DESKTOP_FILES: /nowhere/*.desktop is not there")
    await cluster.kubectl(["delete", "pod", "desk-0"])
    await rolledOut("desk")
    expect(await inPod("desk-0", "as-user", "sh", "-c", "cat /home/from-stop")).toBe("stopped\nstopped")
  })

  test("and so it is on podman", async () => {
    const given = terraValues(IMAGE, cluster.space("desk-on-podman"))
    const rendered = await cluster.helm(["template", "desk", await terraChart(), valuesFile(given.values)])
    const { options, preStop } = onPodman(rendered, given)
    const box = await create(await publishedImage("helios"), options)
    const { name } = box
    await must(["start", name])
    const answer = async (path: string) =>
      (await inNetwork(box, [...ASK, ...asIngress, `https://127.0.0.1:3000/polaris/desk/${path}`])).stdout
    await until("the desktop can be used", 120, async () => (await answer("health")) === "200")
    expect(await answer("")).toBe("200")
    expect(await must(["exec", name, "as-user", "sh", "-c", ASKED])).toBe(ANSWER)
    await must(["exec", name, ...preStop])
    await must(["stop", "--time=45", name])
    expect(readFileSync(join(cluster.space("desk-on-podman"), "from-stop"), "utf8")).toBe("stopped\nstopped\n")
  })

  test("a process of it that ends is told of, and nothing of it is left", async () => {
    const [scheduler] = processesWith(`${cluster.folder}/pki/scheduler.conf`)
    execFileSync("kill", ["-KILL", scheduler as string])
    await expect(until("it is told", 20, () => cluster.kubectl(["version"]).then(() => false))).rejects.toThrow(
      /the cluster ended: .*scheduler ended/s,
    )
    await cluster.down()
    expectNothing(cluster)
    const killed = new Cluster()
    await killed.up()
    await killed.down("SIGKILL")
    expectNothing(killed)
  })
})
