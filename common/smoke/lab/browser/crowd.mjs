// crowd [--user=NAME:PASSWORD] [--header="Name: value"] URL COUNT SECONDS: connects so many RFB clients, prints how many were let in
// and what the others were told, such as "32 in, 8 HTTP 429", and keeps those for so long.
import { headers, options } from "./options.mjs"
import { Client } from "./protocol.mjs"

const [given, [url, count, seconds]] = options(process.argv.slice(2))

const clients = []
const refused = new Map()
for (let i = 0; i < Number(count); i++) {
  try {
    clients.push(await Client.connect(url, { protocols: ["binary"], headers: headers(given) }))
  } catch ({ message }) {
    refused.set(message, (refused.get(message) ?? 0) + 1)
  }
}
console.log([`${clients.length} in`, ...[...refused].map(([message, times]) => `${times} ${message}`)].join(", "))
await new Promise((done) => setTimeout(done, Number(seconds) * 1000))
for (const { socket } of clients) socket.terminate()
