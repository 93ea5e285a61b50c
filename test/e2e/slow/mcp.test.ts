import { createInterface } from "node:readline"
import { execa } from "execa"
import { expect, test } from "vitest"
import { MINUTE, ROOT } from "../../support/farm.ts"

interface Answer {
  id?: number
  result?: { content: { text: string }[] }
}

test("an assistant that speaks MCP finds the farm's functions, and reads nothing but the protocol", async () => {
  const server = execa("sh", ["-c", "dagger/run mcp | grep --line-buffered '^{'"], { cwd: ROOT, reject: false, detached: true })
  const stop = () => process.kill(-(server.pid as number), "SIGTERM")
  const late = setTimeout(stop, 5 * MINUTE)
  const send = (message: object) => server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
  const clientInfo = { name: "test", version: "1" }
  send({ id: 1, method: "initialize", params: { protocolVersion: "2024-11-05", capabilities: {}, clientInfo } })
  let found: Answer | undefined
  for await (const line of createInterface(server.stdout)) {
    const answer = JSON.parse(line) as Answer
    if (answer.id === 1) {
      send({ method: "notifications/initialized" })
      send({ id: 2, method: "tools/call", params: { name: "ListMethods", arguments: {} } })
    }
    if (answer.id !== 2) continue
    found = answer
    break
  }
  clearTimeout(late)
  stop()
  await server
  const names = (JSON.parse(found?.result?.content[0]?.text ?? "[]") as { name: string }[]).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(["build", "distros", "image", "release", "smoke", "sources"]))
})
