import { execa, type Options } from "execa"
import { MINUTE } from "../farm.ts"

/** A network of its own from which nothing but one address of this machine can be reached. */
export class ClosedNetwork {
  /** This machine's address in it. */
  readonly address = `10.201.${process.pid % 256}.1`
  private readonly name = `helios-${process.pid}`

  async open(): Promise<void> {
    const [outer, inner] = [`hc${process.pid}a`, `hc${process.pid}b`]
    await ip("netns", "add", this.name)
    await ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", this.name)
    await ip("addr", "add", `${this.address}/24`, "dev", outer)
    await ip("link", "set", outer, "up")
    await ip("-n", this.name, "addr", "add", this.address.replace(/\.1$/, ".2/24"), "dev", inner)
    for (const link of ["lo", inner]) await ip("-n", this.name, "link", "set", link, "up")
  }

  /** Runs a command there. `ip netns exec` would hide the machine's cgroups from it. */
  run(command: string[], options: Options = {}) {
    const within = ["nsenter", `--net=/run/netns/${this.name}`, ...command]
    return execa("env", within, { reject: false, stdin: "ignore", timeout: 40 * MINUTE, ...options })
  }

  async close(): Promise<void> {
    await execa("ip", ["netns", "delete", this.name], { reject: false })
  }
}

const ip = (...args: string[]) => execa("ip", args)
