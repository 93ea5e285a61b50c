import { listen } from "../upstreams/served.ts"

/** Ports of one of this machine's addresses that are free, for servers that take numbers. */
export async function freePorts(count: number, host: string): Promise<number[]> {
  const taken = await Promise.all(Array.from({ length: count }, () => listen(() => {}, host)))
  for (const { close } of taken) close()
  return taken.map(({ port }) => port)
}
