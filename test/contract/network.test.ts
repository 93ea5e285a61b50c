import { once } from "node:events"
import { createServer, type Server } from "node:net"
import { join } from "node:path"
import { execa } from "execa"
import { afterEach, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

async function listen(where: { path: string } | { port: number; host: string }): Promise<number> {
  const server = createServer()
  open.push(server)
  server.listen(where)
  await once(server, "listening")
  const address = server.address()
  return address && typeof address === "object" ? address.port : 0
}

const FILES = ["capabilities.sh", "network.sh"].map((name) => `. ${join(ROOT, "common/overlays/all/usr/local/lib/helios", name)}\n`)

/** What a line of shell prints that has the functions of network.sh. */
async function said(line: string): Promise<string> {
  const start = `refuse() { echo "$*"; exit 64; }\n${FILES.join("")}`
  const { stdout } = await execa("sh", ["-euc", start + line], { reject: false })
  return stdout
}

test.each(["127.0.0.1", "0.0.0.0", "::1"])("a port that somebody listens on at %s is taken", async (host) => {
  const port = await listen({ host, port: 0 })
  expect(await said(`require_free_port HTTP_PORT ${port}; echo free`)).toMatch(
    new RegExp(`^HTTP_PORT=${port}: that port is taken in this network: expected one that is free; for example HTTP_PORT=\\d+$`),
  )
  open.pop()?.close()
  await expect.poll(() => said(`require_free_port HTTP_PORT ${port}; echo free`)).toBe("free")
})

test("a display is taken whose abstract socket somebody has, and the next one is free", async () => {
  const first = 30_000 + (process.pid % 1000) * 10
  expect(await said(`free_display ${first}`)).toBe(String(first))
  await listen({ path: `\0/tmp/.X11-unix/X${first}` })
  await listen({ path: `\0/tmp/.X11-unix/X${first + 1}` })
  expect(await said(`free_display ${first}`)).toBe(String(first + 2))
  expect(await said(`free_display ${first + 1}`)).toBe(String(first + 2))
})

test("a number may be asked for more than a display", async () => {
  const first = 30_000 + (process.pid % 1000) * 10
  expect(await said(`is_taken() { has_display "$1" || [ "$1" = ${first} ]; }\nfree_display ${first}`)).toBe(String(first + 1))
})
