// Usage: node probe.mjs SOCKET   Exits 0 when an HTTP server answers there, whatever it answers, 1 when none does.
// A process that hangs still accepts connections, so an answer is waited for; a busy one gets five seconds.
import { get } from "node:http"

const end = (code) => process.exit(code)
setTimeout(end, 5_000, 1)
get({ socketPath: process.argv[2], path: "/" }, () => end(0)).on("error", () => end(1))
