import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { build, KUBE_HOME } from "./chart.ts"
import type { Cluster } from "./cluster.ts"

/** How many pods a node takes unless it is told otherwise. */
export const PODS_A_NODE = 110

/** What the control plane is made of. */
export const CONTROL_PLANE = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]

const list = (items: object[]) => JSON.stringify({ apiVersion: "v1", kind: "List", items })

const nodeOf = (index: number) => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: `simulated-${index}`, annotations: { "kwok.x-k8s.io/node": "fake" }, labels: { "kubernetes.io/os": "linux" } },
  status: {
    capacity: { cpu: "64", memory: "256Gi", pods: `${PODS_A_NODE}` },
    allocatable: { cpu: "64", memory: "256Gi", pods: `${PODS_A_NODE}` },
  },
})

const volumeOf = (index: number) => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name: `home-${index}` },
  spec: { capacity: { storage: "10Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/nowhere" } },
})

/** Nodes for so many desktops, whose kubelets kwok plays, and a volume for each; the real node takes no pod any more. */
export async function simulate(cluster: Cluster, desktops: number): Promise<void> {
  await build("kwok")
  await cluster.kubectl(["cordon", "farm"])
  const settings = [
    `--kubeconfig=${join(cluster.folder, "pki/admin.conf")}`,
    `--config=${join(KUBE_HOME, "kwok.yaml")}`,
    "--cidr=10.99.0.0/16",
  ]
  const fake = "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake"
  const ended = cluster.run([join(KUBE_HOME, "bin/kwok"), ...settings, fake, "--node-lease-duration-seconds=40"], {
    timeout: 0,
    buffer: { stdout: false },
  })
  const nodes = Array.from({ length: Math.ceil(desktops / PODS_A_NODE) + 1 }, (_, index) => nodeOf(index))
  const volumes = Array.from({ length: desktops }, (_, index) => volumeOf(index))
  await cluster.kubectl(["apply", "--server-side", "--filename=-"], list(nodes))
  for (let from = 0; from < desktops; from += 500) {
    await cluster.kubectl(["create", "--filename=-"], list(volumes.slice(from, from + 500)))
  }
  const isReady = cluster.kubectl(["wait", "--for=condition=Ready", "node", "--all", "--timeout=120s"])
  await Promise.race([isReady, ended.then(({ stderr }) => Promise.reject(new Error(`kwok ended: ${String(stderr).slice(-500)}`)))])
}

/** What the control plane uses: megabytes of memory and seconds of a processor, by program. */
export function usageOf(cluster: Cluster): Record<string, { megabytes: number; seconds: number }> {
  const found: Record<string, { megabytes: number; seconds: number }> = {}
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const [program = "", ...rest] = read(`/proc/${pid}/cmdline`).split("\0")
    const name = program.split("/").at(-1) as string
    if (!CONTROL_PLANE.includes(name) || !rest.some((word) => word.includes(cluster.folder))) continue
    const pages = Number(read(`/proc/${pid}/statm`).split(" ")[1])
    const fields = read(`/proc/${pid}/stat`)
      .replace(/^.*\) /s, "")
      .split(" ")
    found[name] = { megabytes: Math.round((pages * 4096) / 1e6), seconds: (Number(fields[11]) + Number(fields[12])) / 100 }
  }
  return found
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}
