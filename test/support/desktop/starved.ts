import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { processesWith, room, until } from "../farm.ts"
import { type Box, condition, create, must, podman } from "./podman.ts"
import type { Runs } from "./profiles.ts"
import { works } from "./promises.ts"

/** Something that a program of the desktop uses up. */
export interface Shortage {
  name: string
  /** Options of `podman create` that limit it. */
  options?: string[]
  /** A folder of the container that has room for a thousand files. */
  fewInodes?: string
  /** What the desktop's user runs, in bash; it may go on for ever. */
  hog: string
  /** A command of the user that works as long as there is some left; without one, the container's cgroup tells. */
  left?: string
  /** A command of root that ends the shortage, where the end of the user's programs doesn't. */
  free?: string
}

const full = (folder: string) => ({
  hog: `cat /dev/zero >${folder}/hog`,
  left: `echo more >${folder}/more`,
  free: `rm -f ${folder}/hog ${folder}/more`,
})
const crowded = (folder: string) => ({
  hog: `mkdir ${folder}/hog && for ((at = 0; ; at++)); do : >${folder}/hog/$at || break; done`,
  left: `: >${folder}/more`,
  free: `rm -rf ${folder}/hog ${folder}/more`,
})
const memory = ["--memory=1g", "--memory-swap=1g"]

/** One at a time. The runtime's files are on /run, where the user has a folder too. */
export const SHORTAGES: Shortage[] = [
  { name: "memory, by one program", options: memory, hog: "for n in 1 2 3; do tail /dev/zero; done" },
  {
    name: "memory, by hundreds",
    options: memory,
    hog: 'for n in {1..400}; do (x=$(head -c 8000000 /dev/zero | tr "\\0" x); sleep 600) & done; wait',
  },
  { name: "processes, by a fork bomb", options: ["--pids-limit=300", "--cpus=1"], hog: "bomb() { bomb | bomb & }; bomb; sleep 600" },
  { name: "disk, of the home", options: ["--tmpfs=/home/bob:size=30m"], ...full("/home/bob") },
  { name: "disk, of /tmp", options: ["--tmpfs=/tmp:size=30m"], ...full("/tmp") },
  { name: "disk, of /run", options: ["--tmpfs=/run:exec,size=30m"], ...full("/run/user/1000") },
  { name: "inodes, of the home", fewInodes: "/home/bob", ...crowded("/home/bob") },
  { name: "inodes, of /tmp", fewInodes: "/tmp", ...crowded("/tmp") },
]

/** How long the desktop may take to be back once there is enough again. */
const SECONDS = 30

const MARK = "HELIOS_HOG=1"
const KEPT = "/home/bob/kept"

/** Runs a command of the desktop's user in a container. */
const asUser = (box: Box, command: string) => podman(["exec", "--user=1000", "--env=HOME=/home/bob", box.name, "bash", "-c", command], 1)

/** What of root's runs in a container, by the machine's own numbers: none of it may end. */
async function rootsProcesses(box: Box): Promise<string[]> {
  const rows = (await must(["top", box.name, "hpid", "user", "args"])).split("\n").slice(1)
  // What asks how the desktop is comes and goes.
  const lasting = rows.filter((row) =>
    / root +\S*(s6-svscan|s6-supervise|s6-ipcserver|nginx|python3|tini|\/bin\/sh -p)/.test(` ${row.trim()}`),
  )
  return lasting.map((row) => row.trim().split(/\s+/)[0] as string).filter((pid) => isAlive(pid))
}

const isAlive = (pid: string) => existsSync(`/proc/${pid}/exe`)

/** How often the container's cgroup said no: it killed for memory, or refused a process. */
function refusals(pid: string): number {
  const groups = readFileSync(`/proc/${pid}/cgroup`, "utf8")
  return [
    ["memory", "memory.oom_control", /^oom_kill (\d+)/m],
    ["", "memory.events", /^oom_kill (\d+)/m],
    ["pids", "pids.events", /^max (\d+)/m],
    ["", "pids.events", /^max (\d+)/m],
  ].reduce((sum, [controller, file, pattern]) => {
    const [, path] = groups.match(new RegExp(`^\\d+:${controller}:(.*)$`, "m")) ?? []
    const found = path === undefined ? "" : join("/sys/fs/cgroup", controller as string, path, file as string)
    return sum + (existsSync(found) ? Number(readFileSync(found, "utf8").match(pattern as RegExp)?.[1] ?? 0) : 0)
  }, 0)
}

/** Ends the user's programs while none can start another; what waits for memory can't be paused at once. */
async function endHogs(box: Box, marked: string): Promise<void> {
  await until("the user's programs have ended", 30, async () => {
    await podman(["pause", box.name], 1)
    for (const pid of processesWith(marked)) process.kill(Number(pid), "SIGKILL")
    await podman(["unpause", box.name], 1)
    return !processesWith(marked).length
  })
}

/** Starts a container; in one of its folders there may be room for a thousand files alone, which podman has no option for. */
async function startBox(image: string, options: string[], runs: Runs, fewInodes?: string): Promise<Box> {
  const files = room()
  if (fewInodes) await execa("mount", ["-t", "tmpfs", "-o", "size=30m,nr_inodes=1000,mode=1777", "tmpfs", files])
  try {
    const box = await create(image, fewInodes ? [...options, `--volume=${files}:${fewInodes}`] : options)
    await runs.start(box)
    return box
  } finally {
    if (fewInodes) await execa("umount", ["--lazy", files])
  }
}

/** What the desktop's own programs have in the kernel's list of what to end first, and what they start has too. */
async function scoreOf(box: Box, runs: Runs): Promise<string> {
  const panel = (await runs.services(box)).find(({ name }) => name === "xfce4-panel")
  return must(["exec", box.name, "cat", `/proc/${panel?.pid}/oom_score_adj`])
}

/** What came of it. */
export interface Starved {
  problems: string[]
  /** Names of services that have another process now. */
  restarted: string[]
  /** How long the desktop took to be back. */
  seconds: number
}

/** Lets the user of a container use something up, ends that, and looks at what survived. */
export async function starve(image: string, runs: Runs, { name, options = [], fewInodes, hog, left, free }: Shortage): Promise<Starved> {
  const problems: string[] = []
  const box = await startBox(image, [...runs.options, ...options], runs, fewInodes)
  await works(box, runs)
  await asUser(box, `head -c 1000000 /dev/urandom >${KEPT} && sync ${KEPT}`)
  const digest = async () => (await must(["exec", box.name, "sha256sum", KEPT])).split(" ")[0]
  const [kept, before, roots] = [await digest(), await runs.services(box), await rootsProcesses(box)]
  const pid = await must(["inspect", "--format={{.State.Pid}}", box.name])
  const marked = `${MARK}-${box.name}`
  await must([
    "exec",
    "--detach",
    "--user=1000",
    `--env=${marked}`,
    box.name,
    "bash",
    "-c",
    `echo ${await scoreOf(box, runs)} >/proc/self/oom_score_adj; ${hog}`,
  ])
  await until(`no more ${name}`, 60, async () => (left ? (await asUser(box, left)).exitCode !== 0 : refusals(pid) > 0), 200)
  // A shortage that lasts: what is killed meanwhile has to come back all the same.
  const xvnc = before.find((service) => service.name === "xvnc")?.pid
  if (left) await must(["exec", box.name, "kill", "-KILL", `${xvnc}`])
  await new Promise((done) => setTimeout(done, 5000))
  const gone = roots.filter((each) => !isAlive(each))
  if (gone.length || !roots.length) problems.push(`of root's processes ${gone.length} of ${roots.length} have ended`)
  await endHogs(box, marked)
  if (free) await must(["exec", box.name, "bash", "-c", free])
  const began = Date.now()
  try {
    await works(box, runs, SECONDS)
  } catch (error) {
    problems.push(`${(error as Error).message}\n${await condition(box)}`)
  }
  const seconds = (Date.now() - began) / 1000
  if ((await digest()) !== kept) problems.push("a file of the home is another")
  const after = await runs.services(box)
  const restarted = before
    .filter((service) => after.find((one) => one.name === service.name)?.pid !== service.pid)
    .map((service) => service.name)
  return { problems, restarted, seconds }
}
