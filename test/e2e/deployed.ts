import { chmodSync, copyFileSync, cpSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import type { StatefulSet } from "kubernetes-types/apps/v1"
import type { Pod, PodSpec } from "kubernetes-types/core/v1"
import { parse, stringify } from "yaml"
import type { Template } from "../contract/kvdi.d.ts"
import { MINUTE, ROOT, room } from "./farm.ts"
import { LIMITS, must, podman, RUNTIME } from "./podman.ts"
import { PASSWORD } from "./profiles.ts"

const FOLDER = join(ROOT, "common/deploy")

/** A copy of what common/deploy has for compose, with the files that a user adds. */
export function composeFolder(): string {
  const folder = room()
  cpSync(FOLDER, folder, { recursive: true })
  copyFileSync(join(folder, "desktop.env.example"), join(folder, "desktop.env"))
  writeFileSync(join(folder, "password"), `${PASSWORD}\n`)
  chmodSync(join(folder, "password"), 0o600)
  return folder
}

/** Runs podman-compose in such a folder to its end: what it said. */
export async function compose(folder: string, image: string | undefined, ...args: string[]): Promise<string> {
  const options = [...RUNTIME.map((option) => `--podman-args=${option}`), `--podman-run-args=${LIMITS.join(" ")}`]
  const { all, exitCode } = await execa("podman-compose", [...options, "--project-name=helios-e2e", ...args], {
    cwd: folder,
    env: { HELIOS_IMAGE: image },
    all: true,
    reject: false,
    timeout: 3 * MINUTE,
  })
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: podman-compose ${args.join(" ")}\n${all}`)
  return all
}

/** The pod that a cluster makes of the stateful set, less the probes, for which podman looks for curl in the image. */
export function podOf(image: string): string {
  const set = parse(readFileSync(join(FOLDER, "kubernetes/statefulset.yaml"), "utf8")) as StatefulSet
  const spec = set.spec?.template.spec as PodSpec
  const [container] = spec.containers
  Object.assign(container as object, { image, imagePullPolicy: "Never" })
  for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"] as const) delete container?.[probe]
  // podman 4.3 takes no secret's volume that doesn't say whether it is optional.
  for (const { secret } of spec.volumes ?? []) if (secret) secret.optional = false
  spec.volumes?.push({ name: "home", persistentVolumeClaim: { claimName: "home-helios-0" } })
  const pod: Pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "helios-0" }, spec }
  const password = Buffer.from(`${PASSWORD}\n`).toString("base64")
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "helios" }, data: { password } }
  return [readFileSync(join(FOLDER, "kubernetes/hooks.yaml"), "utf8"), stringify(secret), stringify(pod)].join("---\n")
}

/** What kVDI gives every desktop's container, and what else by what its template calls init. */
export function kvdiOptions({ spec }: Template, init = spec.desktop.init): string[] {
  const mounts = ["/run", "/run/lock", "/tmp", "/home/bob", "/var/run/kvdi"].map((path) => `--tmpfs=${path}`)
  const names = ["USER=bob", "UID=9000", "HOME=/home/bob", `DISPLAY_SOCK_ADDR=${spec.proxy?.socketAddr}`].map((name) => `--env=${name}`)
  const root = ["--privileged", "--user=0", "--cap-add=SYS_ADMIN", "--volume=/sys/fs/cgroup:/sys/fs/cgroup"]
  return [...LIMITS, "--network=none", ...mounts, ...names, ...(init === "systemd" ? root : ["--user=9000"])]
}

/** Starts a pod from its manifest. */
export async function playPod(manifest: string): Promise<string> {
  const file = join(room(), "pod.yaml")
  writeFileSync(file, manifest)
  await must(["kube", "play", file])
  return file
}

/** Removes the pod, its secret and its volumes. */
export async function removePod(file: string): Promise<void> {
  await podman(["kube", "down", file])
  await podman(["secret", "rm", "helios"])
  for (const name of ["home-helios-0", "helios-init", "helios-idle", "helios-shutdown", "helios-services"])
    await podman(["volume", "rm", name])
}
