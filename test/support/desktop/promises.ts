import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { dirname, join } from "node:path"
import { execa } from "execa"
import { room, until } from "../farm.ts"
import { type Box, condition, create, hostPids, must, podman } from "./podman.ts"
import { KVDI_RUNS, type Runs } from "./profiles.ts"

/** Tries a step: what went wrong, after what it was and before how the container is. */
async function attempt(what: string, box: Box, step: () => Promise<unknown>): Promise<string[]> {
  try {
    await step()
    return []
  } catch (error) {
    return [`${what}: ${(error as Error).message}\n${await condition(box)}`]
  }
}

/** Waits until the desktop answers and every service runs. */
export async function works(box: Box, runs: Runs, seconds = 20): Promise<void> {
  await until("the desktop answers", seconds, async () => {
    const answer = await runs.answers(box)
    if (!runs.answer.test(answer)) throw new Error(answer)
    return true
  })
  await until("every service runs", seconds, async () => (await runs.services(box)).every(({ isUp }) => isUp), 200)
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

/** Leaves what a dead desktop does, with the pid of a process that lives in every container. */
async function plantStale(box: Box, { stale }: Runs): Promise<void> {
  const root = await must(["mount", box.name])
  const paths = [...Object.keys(stale.files), ...stale.sockets].map((path) => join(root, path))
  for (const path of paths) mkdirSync(dirname(path), { recursive: true })
  for (const [path, text] of Object.entries(stale.files)) writeFileSync(join(root, path), text)
  for (const path of stale.sockets) await staleSocket(join(root, path))
  for (const path of stale.shared) await staleSocket(join(box.shared, path))
  await must(["umount", box.name])
}

/** What is wrong with a program of one's own that the image adds as "mine", and of which the display must have a window. */
export async function extendProblems(image: string, runs = KVDI_RUNS): Promise<string[]> {
  const box = await create(image, runs.options)
  return attempt("a program of one's own", box, async () => {
    await runs.start(box)
    await works(box, runs)
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
export async function restartProblems(image: string, times: number, runs = KVDI_RUNS): Promise<string[]> {
  const box = await create(image, runs.options)
  const startIt = async () => {
    await runs.start(box)
    await works(box, runs)
  }
  for (let count = 0; count <= times; count++) {
    const problems = await attempt(`start ${count + 1}`, box, startIt)
    if (problems.length) return problems
    if (count < times) await must(["stop", "--time=10", box.name])
  }
  const killed = await attempt("after a kill", box, async () => {
    await must(["kill", "--signal=KILL", box.name])
    await must(["wait", box.name])
    await startIt()
  })
  if (killed.length) return killed
  await must(["stop", "--time=10", box.name])
  await plantStale(box, runs)
  return attempt("with a stale X lock and sockets", box, startIt)
}

const hook = ({ list }: Runs) => `#!/bin/sh
(${list}) >/evidence/services 2>&1
touch /evidence/running
sleep 1
`

interface Running {
  name: string
  /** The number of its process on the machine. */
  pid: number
  gone: number
}

const isGone = (pid: number) => {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))
  } catch {
    return true
  }
}

/** A running container's services with their process's number on the machine. */
async function running(box: Box, runs: Runs): Promise<Running[]> {
  const pids = await hostPids(box)
  const services = await runs.services(box)
  return services.filter(({ isUp }) => isUp).map(({ name, pid }) => ({ name, pid: pids.get(pid) ?? Number.NaN, gone: 0 }))
}

function disorder(list: Running[], { order }: Runs): string[] {
  return order.flatMap(([first, later]) => {
    const [before, after] = [first, later].map((name) => list.find((service) => service.name === name))
    if (!before || !after) return [`expected ${first} and ${later} among the services, got ${list.map(({ name }) => name).join(", ")}`]
    return after.gone < before.gone ? [`${later} ended before ${first}`] : []
  })
}

/** What is wrong with `podman stop`: the hooks, the order of the services, the time and the exit code. */
export async function stopProblems(image: string, runs = KVDI_RUNS): Promise<string[]> {
  const [hooks, evidence] = [room(), room()]
  writeFileSync(join(hooks, "10-fails.sh"), "exit 3\n")
  writeFileSync(join(hooks, "20-looks.sh"), hook(runs))
  for (const name of ["30-stays.sh", "40-stays.sh"]) writeFileSync(join(hooks, name), "trap '' TERM\nsleep 600\n")
  chmodSync(evidence, 0o777)
  chmodSync(hooks, 0o755)
  const volumes = [`--volume=${hooks}:/etc/helios/shutdown.d:ro`, `--volume=${evidence}:/evidence`]
  const box = await create(image, [...runs.options, ...volumes])
  await runs.start(box)
  await works(box, runs)
  const list = await running(box, runs)
  const began = Date.now()
  const [, seen] = await Promise.all([podman(["stop", "--time=12", box.name]), looks(box, evidence, runs), watch(list)])
  const [code, ended] = (await must(["inspect", "--format={{.State.ExitCode}} {{.State.FinishedAt.UnixMilli}}", box.name])).split(" ")
  // What podman then takes to tidy up isn't the container's.
  const seconds = (Number(ended) - began) / 1000
  return [
    ...seen,
    ...disorder(list, runs),
    ...(seconds < 10 ? [] : [`took ${seconds.toFixed(1)} s, expected less than 10`]),
    ...(code === "0" ? [] : [`exit code ${code}, expected 0`]),
  ]
}

/** Looks at the desktop while the hook runs. */
async function looks(box: Box, evidence: string, runs: Runs): Promise<string[]> {
  try {
    await until("the hook runs", 12, () => readFileSync(join(evidence, "running")) !== undefined, 20)
  } catch {
    return ["the hook never ran"]
  }
  const seen = readFileSync(join(evidence, "services"), "utf8")
  const isUp = runs.order.flat().every((name) => new RegExp(`^${name} is up$`, "m").test(seen))
  const answer = await runs.answers(box).catch(() => "no VNC server")
  return isUp && runs.answer.test(answer) ? [] : [`when the hook ran the desktop had gone: ${answer}: ${seen}`]
}

async function watch(list: Running[]): Promise<void> {
  const end = Date.now() + 15_000
  while (Date.now() < end && list.some(({ gone }) => !gone)) {
    for (const service of list) if (!service.gone && isGone(service.pid)) service.gone = Date.now()
    await new Promise((done) => setTimeout(done, 3))
  }
}
