// Loads a module's TypeScript as esbuild translated it once, as translating it at every call takes seconds.
import { readFileSync } from "node:fs"
import { registerHooks } from "node:module"
import { fileURLToPath } from "node:url"

const ROOT = "/src/"
const TRANSLATED = "/opt/dagger-ts/translated/"

registerHooks({
  load(url, context, next) {
    if (!url.startsWith(`file://${ROOT}`) || !url.endsWith(".ts")) return next(url, context)
    const below = fileURLToPath(url).slice(ROOT.length)
    return { format: "module", source: readFileSync(TRANSLATED + below.replace(/ts$/, "js"), "utf8"), shortCircuit: true }
  },
})
