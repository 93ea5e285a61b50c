import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { MINUTE, need, processesWith, publishedImage, REGISTRY, room, until } from "../farm.ts"

/** crun can't make containers where cgroups v1 and v2 are mixed, and a machine may forbid podman's own limits. */
const isHybrid = !existsSync("/sys/fs/cgroup/cgroup.controllers")
export const RUNTIME = isHybrid ? ["--runtime=runc"] : []
export const LIMITS = isHybrid ? ["--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096"] : []

/** Runs podman to its end, whatever that is. */
export async function podman(args: string[], minutes = 3) {
  const { stdout, stderr, exitCode } = await execa("podman", [...RUNTIME, ...args], {
    reject: false,
    stdin: "ignore",
    timeout: minutes * MINUTE,
  })
  return { stdout, stderr, exitCode }
}

/** The same for what must work: what it printed. */
export async function must(args: string[], minutes = 3): Promise<string> {
  const { stdout, stderr, exitCode } = await podman(args, minutes)
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: podman ${args.join(" ")}\n${`${stdout}\n${stderr}`.slice(-3000)}`)
  return stdout.trim()
}

/** Makes sure of podman itself. */
export const needPodman = () => need("podman", ["podman", isHybrid ? "runc" : "crun"])

/** Fetches an image as a user's machine would. */
export const pull = (address: string) => must(["pull", "--quiet", "--tls-verify=false", address], 5)

/** The address of a distro's image, published, and fetched where podman is made sure of. */
export async function pulledImage(profile = "kvdi", distro = "bookworm", init?: string): Promise<string> {
  await needPodman()
  const address = await publishedImage(profile, distro, init)
  await pull(address)
  return address
}

const images: string[] = []

/** Removes the images that this file made from the machine; the registry keeps them. */
export async function removeImages(): Promise<void> {
  for (const address of images) await podman(["rmi", "--force", address])
}

/** Builds an image from the lines of a Containerfile and puts it into the registry, within so many minutes each: its address. */
export async function extend(name: string, base: string, lines: string[], minutes = 8): Promise<string> {
  const folder = room()
  const address = `${REGISTRY}/helios-e2e:${name}`
  writeFileSync(join(folder, "Containerfile"), [`FROM ${base}`, ...lines, ""].join("\n"))
  await must(["build", "--quiet", "--network=host", "--pull-never", ...LIMITS, `--tag=${address}`, folder], minutes)
  images.push(address)
  await must(["push", "--quiet", "--tls-verify=false", address], minutes)
  return address
}

/** Runs one program of an image to its end: what it printed. */
export const runOnce = (image: string, program: string, ...args: string[]) =>
  must(["run", "--rm", "--network=none", ...LIMITS, `--entrypoint=${program}`, image, ...args])

/** A container with a user, and a folder of the machine where its sockets may be. */
export interface Box {
  name: string
  shared: string
}

const boxes: string[] = []

/** Makes a container without starting it, in no network unless an option says which. */
export async function create(image: string, options: string[] = []): Promise<Box> {
  const shared = room()
  const name = `helios-e2e-${process.pid}-${boxes.length}`
  boxes.push(name)
  const network = options.some((option) => option.startsWith("--network=")) ? [] : ["--network=none"]
  const plain = [...network, ...LIMITS, "--env=USER=bob", "--env=UID=1000", `--volume=${shared}:/var/run/kvdi`]
  await must(["create", `--name=${name}`, ...plain, ...options, image])
  return { name, shared }
}

/** Starts a container, of an image whose process 1 is systemd: where cgroups are mixed, podman has none of version 2 to give. */
export async function startSystemd(box: Box): Promise<void> {
  const { name } = box
  if (isHybrid) {
    // What podman leaves running after a stop ends whatever was made ready but doesn't run yet.
    const id = await must(["inspect", "--format={{.Id}}", name])
    await until("podman has cleaned up", 20, () => !processesWith(id).length)
    await must(["init", name])
    await execa("nsenter", ["--target", await firstPid(box), "--mount", "--cgroup", "mount", "-t", "cgroup2", "cgroup2", "/sys/fs/cgroup"])
  }
  await must(["start", name])
}

/** The number of a container's first process on the machine. */
export const firstPid = ({ name }: Box) => must(["inspect", "--format={{.State.Pid}}", name])

/** Runs a program of this machine in a container's network; an error if it fails, unless an option says otherwise. */
export async function inNetwork(box: Box, command: string[], options: { reject?: boolean; timeout?: number } = {}) {
  return execa("nsenter", [`--net=/proc/${await firstPid(box)}/ns/net`, ...command], { stdin: "ignore", ...options })
}

/** The numbers that a container's processes have on the machine, by those that they have inside. */
export async function hostPids({ name }: Box): Promise<Map<string, number>> {
  const [, ...rows] = (await must(["top", name, "pid", "hpid"])).split("\n").map((line) => line.trim().split(/\s+/))
  return new Map(rows.map(([inside = "", outside]) => [inside, Number(outside)]))
}

/** How a container is, and what it said last. */
export async function condition({ name }: Box): Promise<string> {
  const { stdout } = await podman(["inspect", "--format={{.State.Status}}, exit code {{.State.ExitCode}}", name])
  const said = await podman(["logs", "--tail=20", name])
  return `${stdout.trim()}\n${said.stdout}${said.stderr}`
}

/** Removes the containers that this file made. */
export async function removeBoxes(): Promise<void> {
  for (const name of boxes) await podman(["rm", "--force", "--time=0", name])
}
