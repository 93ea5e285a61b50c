import { execFileSync } from "node:child_process"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { browse } from "../../support/desktop/browser.ts"
import { clean, MINUTE, MIRROR, NO_MIRROR, need, publishedImage, ROOT, until } from "../../support/farm.ts"
import { Cluster, NO_CLUSTER } from "../../support/kube/cluster.ts"

const SKIPPED = NO_CLUSTER ?? (MIRROR ? undefined : NO_MIRROR)
const IMAGE = "localhost/helios:test"
const NEXT = "localhost/helios:next"
const PASSWORD = "correct-horse"

const cluster = new Cluster()
let url: string
let page: Page
const took: Record<string, number> = {}

/** A service with an address that stays, and a budget that lets nobody take the desktop away. */
const BESIDE = [
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "desk" },
    spec: { selector: { app: "helios" }, ports: [{ port: 80, targetPort: "http" }] },
  },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "desk" },
    spec: { minAvailable: 1, selector: { matchLabels: { app: "helios" } } },
  },
]

const rolledOut = () => cluster.kubectl(["rollout", "status", "statefulset/helios", "--timeout=150s"])
const asUser = (command: string) => cluster.kubectl(["exec", "helios-0", "--", "as-user", "sh", "-c", command])

/** Whether the page, which nobody touches, shows the desktop. */
async function isConnected(): Promise<boolean> {
  const all = page.frames().map((frame) => frame.evaluate(() => document.documentElement.classList.contains("noVNC_connected")))
  return (await Promise.allSettled(all)).some((one) => one.status === "fulfilled" && one.value)
}

/** Seconds from a loss until the page that is open shows the desktop again, by itself. */
async function back(what: string, lose: () => Promise<unknown>, isBack = rolledOut): Promise<void> {
  await until("the page shows the desktop before", 60, isConnected)
  const began = Date.now()
  await lose()
  await until("the page has lost it", 60, async () => !(await isConnected()))
  await isBack()
  await until("the page shows it again", 90, isConnected)
  took[what] = (Date.now() - began) / 1000
}

beforeAll(async () => {
  if (SKIPPED) return
  await need("chromium", ["chromium"])
  await cluster.up()
  const image = await publishedImage("helios")
  for (const name of [IMAGE, NEXT]) await cluster.load(image, name)
  const path = cluster.space("home", 0o755)
  await cluster.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", path])
  await cluster.volume("home")
  await cluster.kubectl(["create", "secret", "generic", "helios", `--from-literal=password=${PASSWORD}`])
  const files = await cluster.kubectl(["kustomize", join(ROOT, "common/deploy/kubernetes")])
  await cluster.kubectl(["apply", "--filename=-"], files.replace("registry/helios:tag", IMAGE))
  await cluster.kubectl(["apply", "--filename=-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: BESIDE }))
  await rolledOut()
  url = `http://${await cluster.kubectl(["get", "service", "desk", "--output=jsonpath={.spec.clusterIP}"])}/`
  page = await browse(url, { username: "bob", password: PASSWORD }, cluster.within("/usr/bin/chromium"))
}, 100 * MINUTE)
afterAll(() => page?.context().browser()?.close())
afterAll(() => cluster.down())
afterAll(clean)
afterAll(() => console.table(took))

describe.skipIf(SKIPPED !== undefined)(`what a desktop's user loses ${SKIPPED ?? ""}`, { timeout: 10 * MINUTE }, () => {
  test("a pod that is killed comes back with its home, and so does the page by itself", async () => {
    await asUser("echo mine >~/mine")
    await back("pod killed", () => cluster.kubectl(["delete", "pod", "helios-0", "--grace-period=0", "--force"]))
    expect(await asUser("cat ~/mine")).toBe("mine")
  })

  test("a container whose first process is killed is started again in its pod", async () => {
    const restarts = () => cluster.kubectl(["get", "pod", "helios-0", "--output=jsonpath={.status.containerStatuses[0].restartCount}"])
    const id = await cluster.kubectl(["get", "pod", "helios-0", "--output=jsonpath={.status.containerStatuses[0].containerID}"])
    const kill = () => cluster.run(["runc", `--root=/run/containerd/runc/k8s.io`, "kill", id.replace("containerd://", ""), "KILL"])
    await back("container killed", kill, async () => {
      await until("it is counted", 60, async () => (await restarts()) === "1")
      return rolledOut()
    })
    expect(await asUser("cat ~/mine")).toBe("mine")
  })

  test("a kubelet that starts anew takes nothing away", async () => {
    const uid = () =>
      cluster.kubectl(["get", "pod", "helios-0", "--output=jsonpath={.metadata.uid} {.status.containerStatuses[0].restartCount}"])
    const [before, pid] = [await uid(), execFileSync("pgrep", ["--full", `${cluster.folder}/kubelet.yaml`], { encoding: "utf8" })]
    cluster.restart("kubelet")
    await until(
      "another kubelet runs",
      20,
      () => execFileSync("pgrep", ["--full", `${cluster.folder}/kubelet.yaml`], { encoding: "utf8" }) !== pid,
    )
    await cluster.kubectl(["wait", "--for=condition=Ready", "node/farm", "--timeout=90s"])
    await rolledOut()
    expect(await uid()).toBe(before)
    expect(await isConnected()).toBe(true)
  })

  test("another image takes the place of the first, with the same home", async () => {
    await back("image updated", () => cluster.kubectl(["set", "image", "statefulset/helios", `helios=${NEXT}`]))
    expect(await cluster.kubectl(["get", "pod", "helios-0", "--output=jsonpath={.spec.containers[0].image}"])).toBe(NEXT)
    expect(await asUser("cat ~/mine")).toBe("mine")
  })

  test("a volume that is full is told to programs; the desktop works on it, and starts on it", async () => {
    expect(await asUser("head --bytes=99M /dev/zero >~/much; echo $?")).toMatch(/No space left on device|^1$/m)
    expect(await isConnected()).toBe(true)
    await back("pod killed, its volume full", () => cluster.kubectl(["delete", "pod", "helios-0", "--grace-period=0", "--force"]))
    expect(await asUser("rm ~/much; cat ~/mine")).toBe("mine")
  })

  test("a secret that is changed is asked for by the next pod", async () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "helios" }, stringData: { password: "battery-staple" } }
    await cluster.kubectl(["apply", "--filename=-"], JSON.stringify(secret))
    await cluster.kubectl(["rollout", "restart", "statefulset/helios"])
    await rolledOut()
    const status = async (password: string) => {
      const { stdout } = await cluster.run([
        "curl",
        "--silent",
        "--output",
        "/dev/null",
        "--write-out",
        "%{http_code}",
        "--user",
        `bob:${password}`,
        url,
      ])
      return stdout
    }
    expect(await status(PASSWORD)).toBe("401")
    expect(await status("battery-staple")).toBe("200")
  })

  test("a node that is drained leaves the desktop as long as its budget says so, and lets it end in order without", async () => {
    const drain = ["drain", "farm", "--ignore-daemonsets", "--delete-emptydir-data", "--pod-selector=app=helios"]
    await expect(cluster.kubectl([...drain, "--timeout=15s"])).rejects.toThrow(
      /Cannot evict pod as it would violate the pod's disruption budget/,
    )
    expect(await asUser("cat ~/mine")).toBe("mine")
    await cluster.kubectl(["delete", "poddisruptionbudget", "desk"])
    const began = Date.now()
    await cluster.kubectl([...drain, "--timeout=60s"])
    took["pod evicted"] = (Date.now() - began) / 1000
    await cluster.kubectl(["uncordon", "farm"])
    await rolledOut()
    expect(await asUser("cat ~/mine")).toBe("mine")
  })
})
