import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { execa } from "execa"
import { room, until } from "./farm.ts"
import { type Box, banner, create, must, podman, works } from "./podman.ts"

/** Tries a step: what went wrong, after what it was. */
async function attempt(what: string, step: () => Promise<unknown>): Promise<string[]> {
  try {
    await step()
    return []
  } catch (error) {
    return [`${what}: ${(error as Error).message}`]
  }
}

/** A socket that nobody listens on any more. */
async function staleSocket(path: string): Promise<void> {
  const model = join(room(), "socket")
  const server = createServer()
  await new Promise<void>((done) => server.listen(model, done))
  rmSync(path, { force: true })
  // Node removes what it listened on, and listens on no path as long as those below podman's mounts.
  await execa("cp", ["--archive", model, path])
  await new Promise((done) => server.close(done))
}

/** Leaves what a dead X server does, with the pid of a process that lives in every container. */
async function plantStale(box: Box): Promise<void> {
  const root = await must(["mount", box.name])
  mkdirSync(join(root, "tmp/.X11-unix"), { recursive: true })
  writeFileSync(join(root, "tmp/.X1-lock"), "         1\n")
  await staleSocket(join(root, "tmp/.X11-unix/X1"))
  await staleSocket(join(root, "run/supervisor.sock"))
  writeFileSync(join(root, "run/supervisord.pid"), "1\n")
  await staleSocket(join(box.sockets, "display.sock"))
  await staleSocket(join(box.sockets, "pulse-server"))
  await must(["umount", box.name])
}

/** What is wrong with a program of one's own that the image adds as "mine", and of which the display must have a window. */
export async function extendProblems(image: string): Promise<string[]> {
  const box = await create(image)
  return attempt("a program of one's own", async () => {
    await must(["start", box.name])
    await works(box)
    await until("it runs as the user on the display", 10, async () => {
      const { stdout } = await podman([
        "exec",
        "--user=1000",
        box.name,
        "sh",
        "-c",
        "grep -ahs DISPLAY=:1 /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -x WINDOWID=.*",
      ])
      return /^WINDOWID=\d+$/m.test(stdout)
    })
  })
}

/** What is wrong with stopping and starting one container that many times, then with what a killed one leaves. */
export async function restartProblems(image: string, times: number): Promise<string[]> {
  const box = await create(image)
  for (let count = 0; count <= times; count++) {
    const problems = await attempt(`start ${count + 1}`, async () => {
      await must(["start", box.name])
      await works(box)
    })
    if (problems.length) return problems
    if (count < times) await must(["stop", "--time=10", box.name])
  }
  const killed = await attempt("after a kill", async () => {
    await must(["kill", "--signal=KILL", box.name])
    await must(["wait", box.name])
    await must(["start", box.name])
    await works(box)
  })
  if (killed.length) return killed
  await must(["stop", "--time=10", box.name])
  await plantStale(box)
  return attempt("with a stale X lock and sockets", async () => {
    await must(["start", box.name])
    await works(box)
  })
}

const HOOK = `#!/bin/sh
supervisorctl -c /etc/supervisor/helios.conf status >/evidence/services 2>&1
touch /evidence/running
sleep 1
`

interface Service {
  name: string
  pid: number
  priority: number
  gone: number
}

const isGone = (pid: number) => {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))
  } catch {
    return true
  }
}

/** A running container's services with their process's number on the machine and the priority that they are stopped by. */
async function running(box: Box): Promise<Service[]> {
  const pids = (await must(["top", box.name, "pid", "hpid"])).split("\n").map((line) => line.trim().split(/\s+/))
  const config = await must(["exec", "--user=1000:1000", box.name, "sh", "-c", "cat /etc/supervisor/conf.d/*.conf"])
  const order = new Map(
    [...config.matchAll(/\[program:(\S+)\][^[]*?priority=(\d+)/g)].map(([, name, priority]) => [name, Number(priority)]),
  )
  const status = await must(["exec", box.name, "supervisorctl", "-c", "/etc/supervisor/helios.conf", "status"])
  return [...status.matchAll(/^(\S+) +RUNNING +pid (\d+)/gm)].map(([, name = "", pid]) => ({
    name,
    pid: Number(pids.find(([inside]) => inside === pid)?.[1]),
    priority: order.get(name) ?? 999,
    gone: 0,
  }))
}

/** What must go first: the panel before the window manager, that before the X server. */
const ORDER = ["xfce4-panel", "xfwm4", "pulseaudio", "xvnc"]

function disorder(list: Service[]): string[] {
  const found = ORDER.map((name) => list.find((service) => service.name === name))
  if (found.includes(undefined)) return [`expected ${ORDER.join(", ")} among the services, got ${list.map(({ name }) => name).join(", ")}`]
  const [...known] = found as Service[]
  return known.slice(1).flatMap((later, i) =>
    known
      .slice(0, i + 1)
      .filter((first) => later.gone < first.gone)
      .map((first) => `${later.name} ended before ${first.name}`),
  )
}

/** What is wrong with `podman stop`: the hooks, the order of the services, the time and the exit code. */
export async function stopProblems(image: string): Promise<string[]> {
  const [hooks, evidence] = [room(), room()]
  writeFileSync(join(hooks, "10-fails.sh"), "exit 3\n")
  writeFileSync(join(hooks, "20-looks.sh"), HOOK)
  const box = await create(image, [`--volume=${hooks}:/etc/helios/shutdown.d:ro`, `--volume=${evidence}:/evidence`])
  await must(["start", box.name])
  await works(box)
  const list = await running(box)
  const began = Date.now()
  const [seconds, hook] = await Promise.all([
    podman(["stop", "--time=12", box.name]).then(() => (Date.now() - began) / 1000),
    looks(box, evidence),
    watch(list),
  ])
  const code = Number(await must(["inspect", "--format={{.State.ExitCode}}", box.name]))
  return [
    ...hook,
    ...disorder(list),
    ...(seconds < 10 ? [] : [`took ${seconds.toFixed(1)} s, expected less than 10`]),
    ...(code === 0 ? [] : [`exit code ${code}, expected 0`]),
  ]
}

/** Looks at the desktop while the hook runs. */
async function looks(box: Box, evidence: string): Promise<string[]> {
  try {
    await until("the hook runs", 12, () => readFileSync(join(evidence, "running")) !== undefined, 20)
  } catch {
    return ["the hook never ran"]
  }
  const seen = readFileSync(join(evidence, "services"), "utf8")
  const isUp = ORDER.every((name) => new RegExp(`^${name} +RUNNING`, "m").test(seen))
  const answer = await banner(box).catch(() => "no VNC server")
  return isUp && answer.startsWith("RFB") ? [] : [`when the hook ran the desktop had gone: ${answer}: ${seen}`]
}

async function watch(list: Service[]): Promise<void> {
  const end = Date.now() + 15_000
  while (Date.now() < end && list.some(({ gone }) => !gone)) {
    for (const service of list) if (!service.gone && isGone(service.pid)) service.gone = Date.now()
    await new Promise((done) => setTimeout(done, 3))
  }
}
