import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { createInterface } from "node:readline"
import { execa, type Options } from "execa"
import { must, needPodman, pull } from "../desktop/podman.ts"
import { NO_HOST } from "../engine/host.ts"
import { MINUTE, need, room, until } from "../farm.ts"
import { KUBE_HOME as HOME } from "./chart.ts"

const KUBE = join(import.meta.dirname, "kube")

/** Pods go by the node's address, and ask this machine's name server in place of the cluster's, which knows no others' names. */
const WAY_OUT = `table ip outside {
  chain names { type nat hook prerouting priority -110; ip daddr 10.96.0.10 udp dport 53 dnat to 10.0.2.3; }
  chain leave { type nat hook postrouting priority 100; oifname "tap0" masquerade; }
}`

/** Why no cluster can run on this machine; undefined where one can. */
export const NO_CLUSTER = NO_HOST && "skipped: a node in namespaces of its own takes root on Linux"

/** A real Kubernetes of one node, in namespaces of its own, which ends with this process. */
export class Cluster {
  /** Where its state is. */
  readonly folder = room()
  private failed = ""
  private server?: ReturnType<Cluster["serve"]>
  private cleared: Promise<unknown> = Promise.resolve()
  private pid = 0

  /** Compiles what is missing, 10 minutes on two cores, and waits for the node. */
  async up(): Promise<void> {
    await need("go", ["golang-go"])
    await need("runc", ["runc"])
    await need("/usr/lib/cni/ptp", ["containernetworking-plugins"])
    await need("nft", ["nftables"])
    await needPodman()
    await execa(KUBE, ["build"], { stdout: "ignore", stderr: "inherit", timeout: 40 * MINUTE })
    this.server = this.serve()
    const lines = createInterface({ input: this.server.stdout })
    const first = await Promise.race([lines[Symbol.asyncIterator]().next(), this.server])
    if (!("value" in first) || first.value !== "ready") throw new Error(`no cluster: ${this.failed || (await this.server).stderr}`)
    const [outer] = children(this.server.pid as number)
    this.pid = outer as number
  }

  private serve() {
    const namespaces = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    const server = execa("unshare", [...namespaces, KUBE, "serve", this.folder], {
      stdin: "pipe",
      reject: false,
      env: { HELIOS_KUBE_HOME: HOME },
    })
    this.cleared = server.then(async ({ stderr }) => {
      const said = String(stderr).split("\n")
      this.failed = said.slice(said.findIndex((line) => line.startsWith("▸"))).join("\n") || "it was told to"
      await execa(KUBE, ["clear", this.folder], { reject: false })
    })
    return server
  }

  /** Runs a command beside the node: in its namespaces. */
  run(command: string[], options: Options = {}) {
    if (this.failed) throw new Error(`the cluster ended: ${this.failed}`)
    const within = [`--target=${this.pid}`, "--mount", "--net", "--pid"]
    const env = { KUBECONFIG: join(this.folder, "pki/admin.conf"), HOME: this.folder }
    return execa("nsenter", [...within, ...command], { reject: false, stdin: "ignore", timeout: 5 * MINUTE, env, ...options })
  }

  private async output(command: string[], input?: string): Promise<string> {
    const { stdout, stderr, exitCode } = await this.run(command, input === undefined ? {} : { stdin: "pipe", input })
    if (exitCode !== 0)
      throw new Error(`exit code ${exitCode}: ${command.join(" ")}\n${`${stdout}\n${stderr}`.slice(-3000)}\n${this.failed}`)
    return String(stdout).trim()
  }

  /** What kubectl prints. */
  kubectl = (args: string[], input?: string) => this.output([join(HOME, "bin/kubectl"), ...args], input)

  /** What helm prints. */
  helm = (args: string[]) => this.output([join(HOME, "bin/helm"), ...args])

  /** Gives the node an image of a registry of this machine, by the name that pods then take it by. */
  async load(address: string, name: string): Promise<void> {
    const archive = join(this.folder, "image.tar")
    await pull(address)
    await must(["tag", address, name])
    await must(["save", "--quiet", "--format=docker-archive", `--output=${archive}`, name], 5)
    await this.take(archive)
    await must(["untag", name, name])
  }

  /** Gives the node the images of an archive, by the names that they have there, and removes it. */
  async take(archive: string): Promise<void> {
    const ctr = [join(HOME, "bin/ctr"), `--address=${join(this.folder, "containerd.sock")}`, "--namespace=k8s.io"]
    await this.output([...ctr, "images", "import", "--local", archive])
    await execa("rm", [archive])
  }

  /** Lets pods out: what this machine reaches they reach, and what listens on its loopback answers them at 10.0.2.2. */
  async open(): Promise<void> {
    await need("slirp4netns", ["slirp4netns"])
    // It ends with its input, and so with this process.
    const way = execa("slirp4netns", ["--configure", "--mtu=65520", "--exit-fd=0", String(this.pid), "tap0"], {
      stdin: "pipe",
      reject: false,
    })
    this.cleared.then(() => way.kill())
    await until("the node has a way out", 20, async () => (await this.output(["ip", "route"])).includes("default"))
    await this.output(["nft", "--file=-"], WAY_OUT)
  }

  /** A folder of the node, root's and a group's. */
  space(name: string, mode = 0o755, group = 0): string {
    const folder = join(this.folder, "volumes", name)
    mkdirSync(folder, { recursive: true })
    chownSync(folder, 0, group)
    chmodSync(folder, mode)
    return folder
  }

  /** Kills one of the processes, such as kubelet, and has it started anew. */
  restart(name: string): void {
    this.server?.stdin?.write(`${name}\n`)
  }

  /** A program that runs another in the network of the node, under the same name in a folder of its own: its path. */
  within(program: string): string {
    mkdirSync(join(this.folder, "within"), { recursive: true })
    const path = this.write(join("within", basename(program)), `#!/bin/sh\nexec nsenter --target=${this.pid} --net ${program} "$@"\n`)
    chmodSync(path, 0o755)
    return path
  }

  /** A file beside the node: its path. */
  write(name: string, text: string): string {
    const path = join(this.folder, name)
    writeFileSync(path, text)
    return path
  }

  /** A folder of the node that the next claim gets, which is root's alone until a pod's fsGroup says otherwise. */
  async volume(name: string, storage = "20Gi"): Promise<void> {
    const here = { key: "kubernetes.io/hostname", operator: "In", values: ["farm"] }
    const spec = {
      capacity: { storage },
      accessModes: ["ReadWriteOnce"],
      local: { path: this.space(name, 0o750) },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [here] }] } },
    }
    await this.kubectl(["apply", "--filename=-"], JSON.stringify({ apiVersion: "v1", kind: "PersistentVolume", metadata: { name }, spec }))
  }

  /** Ends every process of it, or kills what they run in; nothing of it is left. */
  async down(signal?: "SIGKILL"): Promise<void> {
    if (signal) this.server?.kill(signal)
    else this.server?.stdin?.end()
    await this.cleared
  }
}

/** The processes that one has started. */
function children(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number)
}
