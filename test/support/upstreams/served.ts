import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { networkInterfaces } from "node:os"

/** What answers containers on this machine. */
export interface Served {
  /** Where containers reach it, as they don't share this machine's loopback. */
  address: string
  close(): void
}

/** Answers HTTP requests of the engine's containers, on a port that is free. */
export async function serveHttp(answer: RequestListener): Promise<Served> {
  const { port, close } = await listen(answer, "0.0.0.0")
  return { address: `http://${ownAddress()}:${port}`, close }
}

/** Answers HTTP requests to one of this machine's addresses, on a port that is free. */
export async function listen(answer: RequestListener, host: string): Promise<{ port: number; close(): void }> {
  const server = createServer(answer)
  await new Promise<void>((done) => server.listen(0, host, done))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { port: (server.address() as AddressInfo).port, close }
}

/** The address at which others, such as the engine's containers, reach this machine. */
export function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const own = all.find(({ family, internal }) => family === "IPv4" && !internal)
  if (!own) throw new Error("this machine has no address but its loopback's, so no container reaches what it serves")
  return own.address
}
