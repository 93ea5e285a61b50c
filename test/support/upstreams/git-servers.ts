import { spawn } from "node:child_process"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { connect, createServer as createTcpServer } from "node:net"
import { join } from "node:path"
import { execa } from "execa"
import { need, room, until } from "../farm.ts"
import { closeAtEnd, closedPort, listen } from "./mirror.ts"

/** A git server in HTTP for a folder of repositories: who may fetch, and whether it gives any commit by its hash, as newer protocols do. */
export async function serveHttp(folder: string, { login = "", protocol = "version=2" } = {}): Promise<string> {
  const server = createServer((request, response) => {
    if (login && request.headers.authorization !== `Basic ${Buffer.from(login).toString("base64")}`) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="mirror"' }).end()
      return
    }
    const { pathname, search } = new URL(request.url as string, "http://mirror")
    const env = {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "safe.directory",
      GIT_CONFIG_VALUE_0: "*",
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      ...(protocol && request.headers["git-protocol"] ? { GIT_PROTOCOL: protocol } : {}),
    }
    const backend = spawn("git", ["http-backend"], { env, stdio: ["pipe", "pipe", "ignore"] })
    request.pipe(backend.stdin)
    const chunks: Buffer[] = []
    backend.stdout.on("data", (chunk) => chunks.push(chunk))
    backend.on("close", () => {
      const answer = Buffer.concat(chunks)
      const end = answer.indexOf("\r\n\r\n")
      const headers = answer
        .subarray(0, end)
        .toString()
        .split("\r\n")
        .map((line) => line.split(": ") as [string, string])
      const status = Number(headers.find(([name]) => name === "Status")?.[1].slice(0, 3) ?? 200)
      response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== "Status"))).end(answer.subarray(end + 4))
    })
  })
  closeAtEnd(async () => void server.close())
  return `http://127.0.0.1:${await listen(server)}`
}

/** A server in front of another one that hangs up after it has handed on so many bytes of an answer. */
export async function cutOff(address: string, bytes: number): Promise<string> {
  const { port } = new URL(address)
  const server = createTcpServer((caller) => {
    const behind = connect(Number(port), "127.0.0.1")
    let left = bytes
    caller.pipe(behind)
    behind.on("data", (chunk: Buffer) => {
      caller.write(chunk.subarray(0, left))
      left -= chunk.length
      if (left <= 0) caller.end(() => behind.destroy())
    })
    for (const socket of [caller, behind]) socket.on("error", () => undefined)
  })
  closeAtEnd(async () => void server.close())
  return `git://127.0.0.1:${await listen(server)}`
}

/** An SSH server for a folder of repositories, and the socket of an agent that has the key to it. */
export async function serveSsh(folder: string): Promise<{ address: string; agent: string }> {
  await need("sshd", ["openssh-server"])
  const [home, port] = [room(), await closedPort()]
  mkdirSync("/run/sshd", { recursive: true })
  for (const key of ["host", "user"]) await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(home, key)])
  const settings = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${join(home, "host")}`,
    `AuthorizedKeysFile ${join(home, "user.pub")}`,
    "PasswordAuthentication no",
    "PermitRootLogin prohibit-password",
    "StrictModes no",
    "AcceptEnv GIT_PROTOCOL",
    "PidFile none",
  ]
  writeFileSync(join(home, "sshd_config"), `${settings.join("\n")}\n`)
  const server = execa("/usr/sbin/sshd", ["-D", "-e", "-f", join(home, "sshd_config")], {
    reject: false,
    stderr: { file: join(home, "log") },
  })
  const agent = execa("ssh-agent", ["-D", "-a", join(home, "agent")], { reject: false, stdio: "ignore" })
  closeAtEnd(async () => {
    server.kill()
    agent.kill()
    await Promise.all([server, agent])
  })
  await until("sshd listens", 10, () => readFileSync(join(home, "log"), "utf8").includes("listening"))
  await until("the agent has the key", 10, () => execa("ssh-add", [join(home, "user")], { env: { SSH_AUTH_SOCK: join(home, "agent") } }))
  return { address: `ssh://root@127.0.0.1:${port}${folder}`, agent: join(home, "agent") }
}
