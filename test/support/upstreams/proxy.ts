import { once } from "node:events"
import { createServer, request } from "node:http"
import { type AddressInfo, connect, type Socket } from "node:net"

/** A proxy that asks for a login, as companies have them. */
export class ForwardProxy {
  /** The hosts that it was asked for, with their ports. */
  readonly asked = new Set<string>()
  /** How often it was asked without the login. */
  refused = 0
  port = 0
  password = "s%3Ac~ret"
  private readonly open = new Set<Socket>()
  private readonly server = createServer((incoming, response) => {
    if (!this.isKnown(incoming.headers["proxy-authorization"])) return response.writeHead(407, { "proxy-authenticate": "Basic" }).end()
    const { "proxy-authorization": _, "proxy-connection": __, ...headers } = incoming.headers
    const to = new URL(incoming.url as string)
    this.asked.add(`${to.hostname}:${to.port || 80}`)
    const outgoing = request(to, { method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode as number, answer.headers)
      answer.pipe(response)
    })
    outgoing.on("error", () => response.destroy())
    incoming.pipe(outgoing)
  })

  /** Listens at an address of this machine. */
  async listen(host: string): Promise<void> {
    this.server.on("connection", (socket) => this.keep(socket))
    this.server.on("connect", (incoming, caller: Socket) => {
      caller.on("error", () => caller.destroy())
      if (!this.isKnown(incoming.headers["proxy-authorization"]))
        return caller.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n')
      const [name, port] = (incoming.url as string).split(/:(?=\d+$)/)
      this.asked.add(`${name}:${port}`)
      const server = connect(Number(port), name, () => {
        caller.write("HTTP/1.1 200 Connection established\r\n\r\n")
        server.pipe(caller).pipe(server)
      })
      this.keep(server)
      server.on("error", () => caller.destroy())
    })
    this.server.listen(0, host)
    await once(this.server, "listening")
    this.port = (this.server.address() as AddressInfo).port
  }

  /** Its address as a caller has it who is reached there under a name. */
  address(host: string): string {
    return `http://me:${this.password}@${host}:${this.port}`
  }

  /** What it was asked for since this was last called. */
  taken(): string[] {
    const hosts = [...this.asked].sort()
    this.asked.clear()
    return hosts
  }

  close(): void {
    for (const socket of this.open) socket.destroy()
    this.server.close()
  }

  private keep(socket: Socket): void {
    this.open.add(socket)
    socket.on("close", () => this.open.delete(socket))
  }

  private isKnown(header?: string): boolean {
    const login = `me:${decodeURIComponent(this.password)}`
    const known = header === `Basic ${Buffer.from(login).toString("base64")}`
    if (!known) this.refused++
    return known
  }
}
