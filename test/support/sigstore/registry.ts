import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { need, room, until } from "../farm.ts"
import { freePorts } from "./ports.ts"

/** Starts a registry on this machine's loopback: HOST:PORT. */
export async function startRegistry(): Promise<{ registry: string; close(): Promise<unknown> }> {
  await need("docker-registry", ["docker-registry"])
  const [port] = await freePorts(1, "127.0.0.1")
  const registry = `127.0.0.1:${port}`
  const config = join(room(), "registry.json")
  const storage = { filesystem: { rootdirectory: room() } }
  writeFileSync(config, JSON.stringify({ version: 0.1, storage, http: { addr: registry } }))
  const running = execa("docker-registry", ["serve", config], { reject: false, stdio: "ignore" })
  await until("the registry answers", 30, async () => (await fetch(`http://${registry}/v2/`)).ok)
  const close = () => {
    running.kill()
    return running
  }
  return { registry, close }
}
