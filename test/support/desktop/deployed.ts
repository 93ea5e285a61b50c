import { chmodSync, copyFileSync, cpSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { MINUTE, ROOT, room } from "../farm.ts"
import type { Template } from "../kvdi.d.ts"
import { LIMITS, RUNTIME } from "./podman.ts"
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
export async function compose(folder: string, image: string, ...args: string[]): Promise<string> {
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

/** What kVDI gives every desktop's container, and what else by what its template calls init. */
export function kvdiOptions({ spec }: Template, init = spec.desktop.init): string[] {
  const mounts = ["/run", "/run/lock", "/tmp", "/home/bob", "/var/run/kvdi"].map((path) => `--tmpfs=${path}`)
  const names = ["USER=bob", "UID=9000", "HOME=/home/bob", `DISPLAY_SOCK_ADDR=${spec.proxy?.socketAddr}`].map((name) => `--env=${name}`)
  const root = ["--privileged", "--user=0", "--cap-add=SYS_ADMIN", "--volume=/sys/fs/cgroup:/sys/fs/cgroup"]
  return [...LIMITS, "--network=none", ...mounts, ...names, ...(init === "systemd" ? root : ["--user=9000"])]
}
