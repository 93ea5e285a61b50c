import { once } from "node:events"
import { createServer, type IncomingMessage, request as requestHttp, type ServerResponse } from "node:http"
import { request as requestHttps } from "node:https"
import type { AddressInfo } from "node:net"

/** What it has, by the folder below which it lies. */
const REMOTES: Record<string, string> = {
  debian: "http://deb.debian.org/debian",
  "debian-security": "http://deb.debian.org/debian-security",
  npm: "https://registry.npmjs.org",
  pypi: "https://pypi.org",
  files: "https://files.pythonhosted.org",
}

/** A registry such as Artifactory or Nexus, which has what others have below addresses of its own. */
export class Registries {
  /** The folders that it was asked for, and how often. */
  readonly asked = new Map<string, number>()
  private address = ""
  private readonly server = createServer((incoming, response) => this.answer(incoming, response))

  /** Listens at an address of this machine. */
  async listen(host: string): Promise<void> {
    this.server.listen(0, host)
    await once(this.server, "listening")
    this.address = `http://${host}:${(this.server.address() as AddressInfo).port}/artifactory`
  }

  /** Where one of those folders is. */
  at(folder: string): string {
    return `${this.address}/${folder}`
  }

  close(): void {
    this.server.closeAllConnections()
    this.server.close()
  }

  private answer({ url = "", headers: { accept = "*/*" } }: IncomingMessage, response: ServerResponse): void {
    const [, folder = "", path = ""] = url.match(/^\/artifactory\/([^/]+)(\/.*)?$/) ?? []
    const remote = REMOTES[folder]
    if (!remote) return void response.writeHead(404).end()
    this.asked.set(folder, (this.asked.get(folder) ?? 0) + 1)
    const request = remote.startsWith("https:") ? requestHttps : requestHttp
    const outgoing = request(remote + path, { headers: { accept } }, async (found) => {
      const { "content-length": _, "content-type": type = "", ...headers } = found.headers
      response.writeHead(found.statusCode as number, { ...headers, "content-type": type })
      if (!/json|html/.test(type)) return found.pipe(response)
      found.setEncoding("utf8")
      let text = ""
      for await (const part of found) text += part
      response.end(Object.entries(REMOTES).reduce((all, [name, address]) => all.replaceAll(`${address}/`, `${this.at(name)}/`), text))
    })
    outgoing.on("error", () => response.destroy())
    outgoing.end()
  }
}
