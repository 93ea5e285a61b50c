import { readFileSync } from "node:fs"
import type { AddressInfo, Server } from "node:net"
import { join } from "node:path"
import { execa } from "execa"
import { expect } from "vitest"
import { complaint, room, run, shims, wipeAll } from "./engine.ts"

/** A folder of the test file's own. */
export const folder = room()
export const file = (name: string) => join(folder, name)

/** What leads to an engine, and gives its answer back; its arguments are written down. */
export const LEADS = `printf '%s\\n' "$@" >${file("calls")}; head -n 1 >/dev/null; printf 'HTTP/1.1 404 Not Found\\r\\n\\r\\n'`

/** Those arguments. */
export const called = () => readFileSync(file("calls"), "utf8").trimEnd().split("\n")

/** Makes a call with an address of an engine, on a machine that has these programs beside dagger. */
export function callAt(address: string, scripts: Record<string, string> = {}, env: Record<string, string> = {}) {
  const { PATH } = shims({ dagger: "echo the system has it", ...scripts })
  const variables = { PATH, HELIOS_ENGINE_HOME: file("home"), _EXPERIMENTAL_DAGGER_RUNNER_HOST: address, ...env }
  return execa(run, ["call", "version"], { env: variables, reject: false, stdin: "ignore" })
}

/** What such a call is refused with: the address, and why. */
export async function refused(address: string, scripts?: Record<string, string>, env?: Record<string, string>): Promise<string> {
  const result = await callAt(address, scripts, env)
  expect([result.exitCode, result.stdout]).toEqual([1, ""])
  const [, why] = complaint(result).match(/no engine at _EXPERIMENTAL_DAGGER_RUNNER_HOST=(.*); start or install what is missing/) ?? []
  return why ?? complaint(result)
}

/** Such a call goes to the system's dagger, and nothing else is said. */
export async function taken(address: string, scripts?: Record<string, string>, env?: Record<string, string>): Promise<void> {
  const { exitCode, stdout, stderr } = await callAt(address, scripts, env)
  expect([exitCode, stdout, stderr]).toEqual([0, "the system has it", ""])
}

const servers: Server[] = []

/** Lets a server listen on this machine, at a socket or a free port, until the file's end. */
export async function listen(server: Server, socket?: string): Promise<number> {
  servers.push(server)
  await new Promise<void>((done) => (socket ? server.listen(socket, done) : server.listen(0, "127.0.0.1", done)))
  return socket ? 0 : (server.address() as AddressInfo).port
}

export async function endAll(): Promise<void> {
  for (const server of servers) server.close()
  await wipeAll()
}
