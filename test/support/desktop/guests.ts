import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { execa } from "execa"
import { ROOT, until } from "../farm.ts"
import { withDisplay } from "./display.ts"
import { type Box, create, hostPids, inNetwork, LIMITS } from "./podman.ts"
import { HELIOS_RUNS, PASSWORD } from "./profiles.ts"
import { works } from "./promises.ts"

const VIEW_PASSWORD = "l00k-but-do-not-touch"
const ORIGIN = "127.0.0.1:3000"

/** What a process has. */
export interface Figures {
  /** Bytes, in megabytes. */
  memory: number
  descriptors: number
  threads: number
}

export type Who = "owner" | "viewer"

/** A running helios desktop, and programs of smoke's lab at its door and on its display, as they run on this machine. */
export class Visited {
  private readonly cookies = new Map<Who, string>()

  private constructor(private readonly box: Box) {}

  /** Boots an image and logs in as both. */
  static async boot(image: string): Promise<Visited> {
    const box = await create(image, [...HELIOS_RUNS.options, `--env=VIEW_PASSWORD=${VIEW_PASSWORD}`, ...LIMITS])
    await HELIOS_RUNS.start(box)
    await works(box, HELIOS_RUNS, 60)
    const visited = new Visited(box)
    await visited.logIn("owner", `bob:${PASSWORD}`, "")
    await visited.logIn("viewer", `viewer:${VIEW_PASSWORD}`, "view/")
    return visited
  }

  private async logIn(who: Who, user: string, path: string): Promise<void> {
    const { stdout } = await this.inside(["curl", "--silent", "--head", "--user", user, `http://${ORIGIN}/${path}`])
    const cookie = stdout.match(/^set-cookie: *([^;\r\n]+)/im)?.[1]
    if (!cookie) throw new Error(`expected a cookie for ${who}, got ${stdout}`)
    this.cookies.set(who, cookie)
  }

  /** A program of this machine in the container's network. */
  private inside(command: string[]) {
    return inNetwork(this.box, command)
  }

  /** A program of the lab as a client: its words before the server's address and the cookie. */
  async client(who: Who, [name = "", ...words]: string[]): Promise<string> {
    const server = `ws://${ORIGIN}/${who === "viewer" ? "view/" : ""}websockify`
    const program = join(ROOT, "common/smoke/lab/bin", name)
    const { stdout } = await this.inside(["python3", program, ...words, server, `Cookie: ${this.cookies.get(who)}`])
    return stdout.trim().split("\n").at(-1) as string
  }

  /** Has a window of the lab on the display as long as the work takes. */
  lit<T>(work: () => Promise<T>): Promise<T> {
    return withDisplay(this.box, async (env) => {
      const light = execa("python3", [join(ROOT, "common/smoke/lab/bin/key-light")], { env, reject: false })
      try {
        await Promise.race([
          new Promise((lighted) => light.stdout?.once("data", lighted)),
          light.then(({ stderr }) => {
            throw new Error(`key-light ended: ${stderr}`)
          }),
        ])
        return await work()
      } finally {
        light.kill("SIGKILL")
      }
    })
  }

  /** The processes of a service by their numbers on this machine: its own and its children, but nginx's cache loader, which ends after a minute. */
  async processes(service: string): Promise<number[]> {
    const pids = await hostPids(this.box)
    const known = (await HELIOS_RUNS.services(this.box)).find(({ name }) => name === service)
    const pid = pids.get(known?.pid ?? "")
    if (!pid) throw new Error(`no process of ${service}`)
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim()
    const stays = (child: number) => !readFileSync(`/proc/${child}/cmdline`, "utf8").startsWith("nginx: cache loader process")
    return [pid, ...children.split(" ").filter(Boolean).map(Number).filter(stays)]
  }

  /** Until the desktop answers as it did. */
  settled = () => until("the desktop answers", 20, async () => HELIOS_RUNS.answer.test(await HELIOS_RUNS.answers(this.box)))
}

/** What processes have together; an error when one of them is gone. */
export function figures(pids: number[]): Figures {
  const all = pids.map((pid) => {
    const status = readFileSync(`/proc/${pid}/status`, "utf8")
    const number = (name: string) => Number(status.match(new RegExp(`^${name}:\\s+(\\d+)`, "m"))?.[1])
    return { memory: number("VmRSS") / 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length, threads: number("Threads") }
  })
  const sum = (name: keyof Figures) => all.reduce((total, each) => total + each[name], 0)
  return { memory: sum("memory"), descriptors: sum("descriptors"), threads: sum("threads") }
}

/**
 * What each service's processes have, every so many milliseconds while work is done, and what came of the work. An error as soon as one
 * of the processes is gone.
 */
export async function sampled<T>(services: number[][], everyMs: number, work: Promise<T>): Promise<[T, Figures[][]]> {
  const samples: Figures[][] = []
  let done = false
  const sampling = async () => {
    for (; !done; await sleep(everyMs)) samples.push(services.map(figures))
  }
  const finished = work.finally(() => {
    done = true
  })
  const [result] = await Promise.all([finished, sampling()])
  return [result, samples]
}
