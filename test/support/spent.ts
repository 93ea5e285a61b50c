import { readFileSync } from "node:fs"
import { execa } from "execa"

/** What a first image of an engine takes, as docs/data/costs.json has it. */
export interface Spent {
  seconds: number
  /** What this machine received meanwhile, from itself as well: packages, sources, components. */
  megabytesReceived: number
  /** How much larger the engine's home is for it. */
  megabytesOfDisk: number
}

/** All that the machine's interfaces have received. A byte that it sends to itself counts once. */
function megabytesReceived(): number {
  const rows = readFileSync("/proc/net/dev", "utf8").matchAll(/^\s*\S+:\s*(\d+)/gm)
  return [...rows].reduce((sum, [, bytes]) => sum + Number(bytes) / 1e6, 0)
}

/** What a folder takes of its disk, without what is mounted in it. */
async function megabytesOn(folder: string): Promise<number> {
  // Files that go while it looks make du end with 1.
  const { stdout } = await execa("du", ["--summarize", "--one-file-system", "--block-size=1", folder], { reject: false })
  return Number.parseInt(stdout, 10) / 1e6
}

/** What some work with an engine of that home took beside its time. */
export async function spending<T>(home: string, work: () => Promise<T>): Promise<{ result: T } & Omit<Spent, "seconds">> {
  const [received, disk] = [megabytesReceived(), await megabytesOn(home)]
  const result = await work()
  return {
    result,
    megabytesReceived: Math.round(megabytesReceived() - received),
    megabytesOfDisk: Math.round((await megabytesOn(home)) - disk),
  }
}
