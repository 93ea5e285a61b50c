import { connect } from "node:net"
import { join } from "node:path"
import { type Box, inNetwork, must, podman, startSystemd } from "./podman.ts"

/** A service of a running container. */
export interface Service {
  name: string
  isUp: boolean
  /** The number of its process in the container. */
  pid: string
}

const start = ({ name }: Box) => must(["start", name])

/** What tests need to know of a profile to run its images as users do. */
export interface Runs {
  name: "kvdi" | "helios"
  /** Options of `podman create`, beside USER and UID. */
  options: string[]
  /** Starts one that was made. */
  start(box: Box): Promise<unknown>
  /** What answers from outside when the desktop can be used; an error says why it doesn't. */
  answers(box: Box): Promise<string>
  answer: RegExp
  /** Its services; an error when what supervises them doesn't answer. */
  services(box: Box): Promise<Service[]>
  /** A shutdown hook's command that writes the same list to a file, "NAME is up" for each that runs. */
  list: string
  /** Which service must have ended before which. */
  order: [first: string, later: string][]
  /** Files and sockets that a dead container leaves in its own file system, or in the folder that it shares. */
  stale: { files: Record<string, string>; sockets: string[]; shared: string[] }
}

const SUPERVISOR = "supervisorctl -c /etc/supervisor/helios.conf status"

/** What supervisord says of the one program that is to end: it started what the autostart folders name. */
const DONE = /^autostart +EXITED /

/** What the VNC server says first. */
export function banner({ shared }: Box): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(join(shared, "display.sock"))
    socket.setTimeout(2000, () => socket.destroy(new Error("the VNC server says nothing")))
    socket.once("error", reject)
    socket.once("data", (data) => {
      resolve(data.toString("latin1").trim())
      socket.destroy()
    })
  })
}

/** The status and body that a path gives on a port, asked in the container's own network. */
export async function page(box: Box, path: string, user?: string, port = 3000): Promise<{ status: number; body: string }> {
  const ask = ["curl", "--silent", "--max-time", "5", "--write-out", "\n%{http_code}", ...(user ? ["--user", user] : [])]
  const { stdout } = await inNetwork(box, [...ask, `http://127.0.0.1:${port}${path}`])
  const at = stdout.lastIndexOf("\n")
  return { status: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) }
}

export const KVDI_RUNS: Runs = {
  name: "kvdi",
  options: [],
  start,
  answers: banner,
  answer: /^RFB 003\.008/,
  async services(box) {
    const { stdout } = await podman(["exec", box.name, ...SUPERVISOR.split(" ")])
    if (!/RUNNING|STARTING|FATAL|STOPPED/.test(stdout)) throw new Error(`supervisord doesn't answer: ${stdout}`)
    return stdout
      .split("\n")
      .filter((line) => !DONE.test(line))
      .map((line) => {
        const [name = "", state, , pid = ""] = line.split(/\s+/)
        return { name, isUp: state === "RUNNING", pid: pid.replace(",", "") }
      })
  },
  list: `${SUPERVISOR} | sed 's/ *RUNNING.*/ is up/'`,
  order: [
    ["xfce4-panel", "xfwm4"],
    ["xfwm4", "pulseaudio"],
    ["pulseaudio", "xvnc"],
  ],
  stale: {
    files: { "tmp/.X1-lock": "         1\n", "run/supervisord.pid": "1\n" },
    sockets: ["tmp/.X11-unix/X1", "run/supervisor.sock"],
    shared: ["display.sock", "pulse-server"],
  },
}

const UNITS = "systemctl --user show --property=Id --property=MainPID --property=ActiveState"
const NAMES = "xvnc dbus pulseaudio xfsettingsd xfwm4 xfce4-panel xfdesktop"

/** The same image with systemd. Nothing but a cgroup is given to it that its options don't say. */
export const SYSTEMD_RUNS: Runs = {
  ...KVDI_RUNS,
  options: ["--systemd=false", "--tmpfs=/run", "--tmpfs=/run/lock", "--cgroupns=private"],
  start: startSystemd,
  async services(box) {
    const { stdout } = await podman([
      ...["exec", "--user=1000", "--env=XDG_RUNTIME_DIR=/run/user/1000", box.name],
      ...`${UNITS} ${NAMES}`.split(" "),
    ])
    const units = stdout.split("\n\n").map((unit) => Object.fromEntries(unit.split("\n").map((line) => line.split("="))))
    if (!units[0]?.Id) throw new Error(`systemd doesn't answer: ${stdout}`)
    return units.map(({ Id, ActiveState, MainPID }) => ({ name: Id.replace(".service", ""), isUp: ActiveState === "active", pid: MainPID }))
  },
  list: `XDG_RUNTIME_DIR=/run/user/1000 setpriv --reuid=1000 --regid=1000 --clear-groups \
systemctl --user --plain --no-legend list-units --type=service --state=running | sed 's/\\.service .*/ is up/'`,
  stale: { ...KVDI_RUNS.stale, files: { "tmp/.X1-lock": "         1\n" }, sockets: ["tmp/.X11-unix/X1"] },
}

/** One that ended and is not to come back, such as a custom.sh that isn't there, is none of the list. */
const SVSTAT = `cd /run/service; for name in [a-z]*; do
  echo "$name $(/command/s6-svstat -o wantedup,up,pid "$name")"
done | sed -n "/^s6/d; s/ true / /p"`

export const PASSWORD = "0pen-sesame"

export const HELIOS_RUNS: Runs = {
  name: "helios",
  options: [`--env=PASSWORD=${PASSWORD}`],
  start,
  async answers(box) {
    const { status, body } = await page(box, "/health")
    return `${status} ${body}`
  },
  answer: /^200 /,
  async services(box) {
    const { stdout } = await podman(["exec", box.name, "sh", "-c", SVSTAT])
    if (!/^xvnc /m.test(stdout)) throw new Error(`s6 doesn't answer: ${stdout}`)
    return stdout
      .split("\n")
      .map((line) => line.split(" "))
      .map(([name = "", up, pid = ""]) => ({ name, isUp: up === "true", pid }))
  },
  list: `(${SVSTAT}) | sed 's/ true [0-9]*$/ is up/'`,
  order: [
    ["xfce4-panel", "dbus"],
    ["xfce4-panel", "xvnc"],
    ["xfwm4", "xvnc"],
    ["kclient", "pulseaudio"],
  ],
  stale: {
    files: { "tmp/.X1-lock": "         1\n", "run/helios/secret/password": "stale" },
    sockets: ["tmp/.X11-unix/X1", "run/helios/web/kclient.sock"],
    shared: [],
  },
}
