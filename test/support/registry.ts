import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { execa } from "execa"
import { need, until } from "./farm.ts"

const CONFIG = (port: number, folder: string) => `version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: ${folder}/images}, delete: {enabled: true}}
http: {addr: 127.0.0.1:${port}}
`

/** That port of this machine's loopback, or undefined if it isn't free; 0 is any. */
function freePort(wanted: number): Promise<number | undefined> {
  return new Promise((done) => {
    const server = createServer()
    server.once("error", () => done(undefined))
    server.listen(wanted, "127.0.0.1", () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}

/** Makes sure of the program; Debian's package starts it as a service, on the port of the embedded engine's own registry. */
async function needProgram(): Promise<void> {
  if ((await execa("which", ["docker-registry"], { reject: false })).exitCode === 0) return
  await need("docker-registry", ["docker-registry"])
  await execa("systemctl", ["disable", "--now", "docker-registry"], { reject: false })
}

async function start(): Promise<() => Promise<void>> {
  await needProgram()
  // Addresses are the same from run to run where they can be, so that the engine knows them again.
  const port = (await freePort(Number(process.env.HELIOS_REGISTRY_PORT ?? 5000) + 1)) ?? (await freePort(0))
  // On the disk: /tmp may be memory.
  const folder = mkdtempSync("/var/tmp/helios-registry-")
  writeFileSync(`${folder}/config.yml`, CONFIG(port as number, folder))
  const log = { file: `${folder}/log` }
  const running = execa("docker-registry", ["serve", `${folder}/config.yml`], { reject: false, stdin: "ignore", stdout: log, stderr: log })
  const address = `127.0.0.1:${port}`
  await until(`the registry answers on ${address}`, 30, async () => (await fetch(`http://${address}/v2/`)).ok)
  process.env.HELIOS_TEST_REGISTRY = address
  return async () => {
    running.kill()
    await running
    rmSync(folder, { recursive: true })
  }
}

/**
 * Starts the registry that tests publish to, before any of them and until the last one's end: the embedded engine's takes nothing. Where it
 * can't be had, that is told, and tests that need none still run.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.HELIOS_TEST_REGISTRY) return
  try {
    return await start()
  } catch (error) {
    console.error(`No registry for the tests: ${(error as Error).message}`)
  }
}
