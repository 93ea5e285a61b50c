import { readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { createServer as createTlsServer } from "node:https"
import { createServer as createPlainServer } from "node:net"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { called, endAll, file, folder, LEADS, listen, refused, taken } from "../support/engine/runner.ts"

/** A certificate of the farm's own authority for a name, as files. */
async function certify(name: string, names: string): Promise<void> {
  writeFileSync(file(`${name}.ext`), `subjectAltName=${names}`)
  const openssl = (...args: string[]) => execa("openssl", args, { cwd: folder })
  await openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`)
  const authority = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"]
  await openssl("x509", "-req", "-in", `${name}.csr`, ...authority, "-extfile", `${name}.ext`, "-out", `${name}.pem`)
}

beforeAll(async () => {
  const own = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=farm", "-keyout", "ca.key", "-out", "ca.pem"]
  await execa("openssl", own, { cwd: folder })
  await certify("server", "DNS:localhost,IP:127.0.0.1")
  await certify("stranger", "DNS:stranger.example")
  await certify("client", "DNS:client.example")
})
afterAll(endAll)

const read = (name: string) => readFileSync(file(name))

describe("tls", () => {
  const serve = (name: string, options: object = {}) =>
    listen(createTlsServer({ key: read(`${name}.key`), cert: read(`${name}.pem`), ...options }, (_, answer) => answer.end()))

  test("an engine with a certificate of the authority is taken, by its name or by its address", async () => {
    const port = await serve("server")
    for (const host of ["localhost", "127.0.0.1"]) await taken(`tls://${host}:${port}?ca_path=${file("ca.pem").replace("/", "%2F")}`)
  })

  test("one of another authority, or of another name, is not", async () => {
    const port = await serve("server")
    expect(await refused(`tls://localhost:${port}`)).toMatch(/: verify error:.*(self.signed|unable to get)/)
    const stranger = `tls://localhost:${await serve("stranger")}?ca_path=${file("ca.pem")}`
    expect(await refused(stranger)).toMatch(/: verify error:.*hostname mismatch/i)
  })

  test("one that asks for a client's certificate gets it, and refuses who has none", async () => {
    const port = await serve("server", { requestCert: true, rejectUnauthorized: true, ca: read("ca.pem"), maxVersion: "TLSv1.2" })
    const address = `tls://localhost:${port}?ca_path=${file("ca.pem")}`
    await taken(`${address}&cert_path=${file("client.pem")}&key_path=${file("client.key")}`)
    expect(await refused(address)).toMatch(/: .*(alert|handshake|reset|errno|error)/)
    expect(await refused(`${address}&cert_path=${file("client.pem")}`)).toMatch(/: expected tls:\/\/HOST.*cert_path=FILE&key_path=FILE/)
  })
})

describe("tcp", () => {
  test("an engine is taken", async () => taken(`tcp://127.0.0.1:${await listen(createServer((_, answer) => answer.end()))}`))

  test("a port without one, and an address without a port, are not", async () => {
    expect(await refused("tcp://127.0.0.1:9")).toMatch(/^tcp:\/\/127\.0\.0\.1:9: .*Connection refused$/)
    expect(await refused("tcp://127.0.0.1")).toBe("tcp://127.0.0.1: expected tcp://HOST:PORT")
  })

  test("one that hangs is given up after 5 s", async () => {
    const [address, start] = [`tcp://127.0.0.1:${await listen(createPlainServer((socket) => socket.on("error", () => {})))}`, Date.now()]
    expect(await refused(address)).toBe(`${address}: no answer within 5 s`)
    expect(Date.now() - start).toBeLessThan(15_000)
  })
})

test("unix: an engine is taken; a path without a socket is not", async () => {
  await listen(
    createServer((_, answer) => answer.end()),
    file("engine.sock"),
  )
  await taken(`unix://${file("engine.sock")}`)
  expect(await refused("unix:///none.sock")).toBe("unix:///none.sock: no socket is there")
})

describe("ssh", () => {
  test("the other machine's engine is asked as the CLI does it, without a question", async () => {
    await taken("ssh://me@build.example:2222/run/engine.sock", { ssh: LEADS })
    const quiet = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=5"]
    const asked = ["--", "build.example", "buildctl", "--addr", "unix:///run/engine.sock", "dial-stdio"]
    expect(called()).toEqual([...quiet, "-l", "me", "-p", "2222", ...asked])
  })

  test("what ssh says is why one isn't taken", async () => {
    const ssh = "echo 'ssh: connect to host build.example port 22: No route to host' >&2; exit 255"
    expect(await refused("ssh://build.example", { ssh })).toBe(
      "ssh://build.example: ssh: connect to host build.example port 22: No route to host",
    )
  })

  test("a password, and a path that the other machine's shell would read as code, are refused, and neither is said or run", async () => {
    expect(await refused("ssh://me:secret@build.example", { ssh: LEADS })).toMatch(
      /^ssh:\/\/me:…@build\.example: expected ssh:\/\/\[USER@\]HOST.*, without a password/,
    )
    expect(await refused("ssh://build.example/run/$(reboot)", { ssh: LEADS })).toMatch(/: expected ssh:.* the socket's path of letters/)
  })
})

describe("kube-pod", () => {
  const address = "kube-pod://farm-0?context=arn%3Aaws%2Ffarm&namespace=builds&container=dagger-engine"

  test("the pod's engine is asked as the CLI does it", async () => {
    await taken(address, { kubectl: LEADS })
    const exec = ["exec", "--container=dagger-engine", "-i", "farm-0", "--", "buildctl", "dial-stdio"]
    expect(called()).toEqual(["--context=arn:aws/farm", "--namespace=builds", ...exec])
  })

  test("what kubectl says is why one isn't taken, as is a name that isn't a pod's", async () => {
    const kubectl = `echo 'Error from server (NotFound): pods "farm-0" not found' >&2; exit 1`
    expect(await refused(address, { kubectl })).toBe(`${address}: Error from server (NotFound): pods "farm-0" not found`)
    expect(await refused("kube-pod://Farm_0", { kubectl })).toMatch(/: expected kube-pod:\/\/POD\[/)
  })
})
