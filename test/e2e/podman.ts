import { existsSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { execa } from "execa"
import { MINUTE, need, REGISTRY, room, until } from "./farm.ts"

/** crun can't make containers where cgroups v1 and v2 are mixed, and a machine may forbid podman's own limits. */
const isHybrid = !existsSync("/sys/fs/cgroup/cgroup.controllers")
const RUNTIME = isHybrid ? ["--runtime=runc"] : []
const LIMITS = isHybrid ? ["--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096"] : []

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

const images: string[] = []

/** Removes the images that this file made from the machine; the registry keeps them. */
export async function removeImages(): Promise<void> {
  for (const address of images) await podman(["rmi", "--force", address])
}

/** Builds an image from the lines of a Containerfile and puts it into the registry: its address. */
export async function extend(name: string, base: string, lines: string[]): Promise<string> {
  const folder = room()
  const address = `${REGISTRY}/helios-e2e:${name}`
  writeFileSync(join(folder, "Containerfile"), [`FROM ${base}`, ...lines, ""].join("\n"))
  await must(["build", "--quiet", "--network=host", "--pull-never", ...LIMITS, `--tag=${address}`, folder], 8)
  images.push(address)
  await must(["push", "--quiet", "--tls-verify=false", address], 5)
  return address
}

/** Runs one program of an image to its end: what it printed. */
export const runOnce = (image: string, program: string, ...args: string[]) =>
  must(["run", "--rm", "--network=none", ...LIMITS, `--entrypoint=${program}`, image, ...args])

/** A container with a user, and a folder of the machine where its sockets are. */
export interface Box {
  name: string
  sockets: string
}

const boxes: string[] = []

/** Makes a container without starting it. */
export async function create(image: string, options: string[] = []): Promise<Box> {
  const sockets = room()
  const name = `helios-e2e-${process.pid}-${boxes.length}`
  boxes.push(name)
  const plain = ["--network=none", ...LIMITS, "--env=USER=bob", "--env=UID=1000", `--volume=${sockets}:/var/run/kvdi`]
  await must(["create", `--name=${name}`, ...plain, ...options, image])
  return { name, sockets }
}

/** Removes the containers that this file made. */
export async function removeBoxes(): Promise<void> {
  for (const name of boxes) await podman(["rm", "--force", "--time=0", name])
}

/** What the VNC server says first; an error when none answers. */
export function banner({ sockets }: Box): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(join(sockets, "display.sock"))
    socket.setTimeout(2000, () => socket.destroy(new Error("the VNC server says nothing")))
    socket.once("error", reject)
    socket.once("data", (data) => {
      resolve(data.toString("latin1").trim())
      socket.destroy()
    })
  })
}

/** Its services as supervisord has them, "NAME STATE" each; an error when it doesn't answer. */
export async function services(box: Box): Promise<string[]> {
  const { stdout } = await podman(["exec", box.name, "supervisorctl", "-c", "/etc/supervisor/helios.conf", "status"])
  if (!/RUNNING|STARTING|FATAL|STOPPED/.test(stdout)) throw new Error(`supervisord doesn't answer: ${stdout}`)
  return stdout.split("\n").map((line) => line.split(/\s+/).slice(0, 2).join(" "))
}

/** Waits until the VNC server answers and every service runs. */
export async function works(box: Box, seconds = 20): Promise<void> {
  await until("the VNC server answers", seconds, async () => (await banner(box)).startsWith("RFB 003.008"))
  await until("every service runs", seconds, async () => (await services(box)).every((line) => line.endsWith(" RUNNING")), 200)
}
