import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa, type Options } from "execa"
import { BASES, MINUTE, need, REGISTRY, ROOT, room, until } from "../farm.ts"
import { built } from "./engine.ts"

/** Why tests of such hosts are left out. */
export const NO_HOST =
  process.platform === "linux" && process.getuid?.() === 0 ? undefined : "skipped: a host in namespaces of its own takes root on Linux"

/** This machine as it would be with Docker and podman of its own: elsewhere/host says how. */
export interface Host {
  folder: string
  end(): Promise<unknown>
}

/** What listens on this machine's loopback, as hosts and their containers reach it. */
export const outside = (address: string) => address.replace("127.0.0.1", "10.0.2.2")

const ELSEWHERE = join(ROOT, "test/support/engine/elsewhere")
const hosts: Host[] = []

/** Starts a host with the same cgroups as this machine, or those of version 2 alone. */
export async function startHost(cgroups: "same" | "v2"): Promise<Host> {
  for (const tool of ["slirp4netns", "jq", "tini"]) await need(tool, [tool])
  const folder = room()
  const running = execa(join(ELSEWHERE, "host"), [folder, cgroups], { reject: false, all: true })
  const host = {
    folder,
    end: () => {
      running.stdin.end()
      return running
    },
  }
  hosts.push(host)
  let ended = ""
  running.then(({ all }) => {
    ended = `it ended: ${all}`
  })
  await until("the host is there", 30, () => {
    if (ended) throw new Error(ended)
    return existsSync(join(folder, "pid"))
  })
  return host
}

/** Ends the hosts that this file started, with all that runs there. */
export async function endHosts(): Promise<void> {
  for (const host of hosts.splice(0)) await host.end()
}

/** Starts a command on a host. It finds a dagger CLI there, whose engine takes what this machine's registries and archives have. */
export const onHost = ({ folder }: Host, command: string[], options: Options = {}) =>
  execa(join(ELSEWHERE, "within"), [folder, ...command], {
    reject: false,
    stdin: "ignore",
    timeout: 3 * MINUTE,
    ...options,
    env: {
      XDG_CONFIG_HOME: join(folder, "config"),
      PATH: `${join(built, "bin")}:${process.env.PATH}`,
      // None is to be started there.
      HELIOS_ENGINE_HOME: "/",
      DAGGER_NO_NAG: "1",
      DO_NOT_TRACK: "1",
      _EXPERIMENTAL_DAGGER_RUNNER_HOST: "",
      HELIOS_MIRROR: "",
      ...(options.env as Record<string, string>),
    },
  })

/** The same for what must work: what it printed. */
export async function mustOnHost(host: Host, command: string[], options: Options = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await onHost(host, command, options)
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${command.join(" ")}\n${`${stdout}\n${stderr}`.slice(-4000)}`)
  return String(stdout).trim()
}

/** The status that a path of port 3000 gives there. */
export async function pageStatus(host: Host, path: string): Promise<string> {
  const command = ["curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", `http://127.0.0.1:3000${path}`]
  return String((await onHost(host, command)).stdout)
}

/** Whether this machine's root has all capabilities that its kernel knows. */
function hasAllCapabilities(): boolean {
  const last = BigInt(readFileSync("/proc/sys/kernel/cap_last_cap", "utf8").trim())
  const [, bounding] = readFileSync("/proc/self/status", "utf8").match(/^CapBnd:\s+(\w+)$/m) as string[]
  return BigInt(`0x${bounding}`) === (1n << (last + 1n)) - 1n
}

/** Starts Docker's daemon there, as Debian's package brings it. */
export async function startDocker(host: Host): Promise<void> {
  await need("dockerd", ["docker.io"])
  const runtime = [`--add-runtime=capable=${join(ELSEWHERE, "capable")}`, "--default-runtime=capable"]
  const log = join(host.folder, "dockerd.log")
  const options = [`--insecure-registry=${outside(REGISTRY)}`, ...(hasAllCapabilities() ? [] : runtime)]
  onHost(host, ["dockerd", ...options], { stdout: { file: log }, stderr: { file: log }, timeout: 0 })
  await until("Docker answers", 30, async () => {
    if ((await onHost(host, ["docker", "info"])).exitCode === 0) return true
    throw new Error(readFileSync(log, "utf8").slice(-2000))
  })
}

/** Lets podman there do with what a machine has that forbids some limits, and has no controller of cgroups for others. */
export async function preparePodman(host: Host): Promise<void> {
  await need("podman", ["podman", "netavark"])
  if (hasAllCapabilities()) return
  await need("runc", ["runc"])
  const settings = '[containers]\npids_limit = 0\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n[engine]\nruntime = "runc"\n'
  await mustOnHost(host, ["sh", "-c", `mkdir -p /etc/containers && printf '%s' "$1" >/etc/containers/containers.conf`, "sh", settings])
}

let archive: Promise<string> | undefined

/** Loads the embedded engine under the name of Dagger's own, and writes what a user of a company's network writes for it. */
export async function loadEngine(host: Host, runtime: "docker" | "podman"): Promise<void> {
  const write = async () => {
    const path = join(room(), "engine.tar")
    await execa(join(ROOT, "dagger/run"), ["engine", "image", path], { timeout: 10 * MINUTE })
    return path
  }
  archive ??= write()
  await mustOnHost(host, [runtime, "load", "--input", await archive], { timeout: 5 * MINUTE })
  const config = join(host.folder, "config/dagger")
  mkdirSync(join(config, "ca-certificates"), { recursive: true })
  const registry = outside(BASES)
  const registries = { "docker.io": { mirrors: [registry] }, [registry]: { http: true } }
  const gc = { reservedSpace: "5GB", maxUsedSpace: "75%", minFreeSpace: "5GB" }
  writeFileSync(join(config, "engine.json"), JSON.stringify({ registries, gc }))
  const own = "/usr/local/share/ca-certificates"
  for (const name of existsSync(own) ? readdirSync(own) : []) cpSync(join(own, name), join(config, "ca-certificates", name))
}
