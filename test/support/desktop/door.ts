import { request } from "node:http"
import { until } from "../farm.ts"
import { PAGE } from "./browser.ts"

export interface Answer {
  /** 101 for a websocket. */
  status: number
  cookies: string[]
}

const HANDSHAKE = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Protocol": "binary",
}

/** What a request is answered by; an error if it isn't within 10 s: one in some thousands is lost in the tunnel that Dagger makes. */
export function asked(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(PAGE, { headers, agent: false, path, timeout: 10_000 })
    sent.on("timeout", () => sent.destroy(new Error(`no answer from ${path}`)))
    sent.on("upgrade", ({ statusCode: status = 0, headers: got }, socket) => {
      socket.destroy()
      resolve({ status, cookies: got["set-cookie"] ?? [] })
    })
    sent.on("response", (answer) => {
      answer.resume()
      resolve({ status: answer.statusCode ?? 0, cookies: answer.headers["set-cookie"] ?? [] })
    })
    sent.on("error", reject)
    sent.end()
  })
}

/** The same, asked again for as long as it is one of too many, and when no answer came. */
export async function answered(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = async () => {
    const got = await asked(path, headers)
    return got.status === 429 ? undefined : got
  }
  return (await until("guessing is answered again", 30, answer, 250)) as Answer
}

/** The same for the desktop's websocket: the status. */
export const knocked = async (headers: Record<string, string> = {}) => (await answered("/websockify", { ...HANDSHAKE, ...headers })).status
