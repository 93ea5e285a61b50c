// Usage: node analyse.mjs MODULE OUT
// What the official SDK reads of a module's files and changes in them: a file for each answer, and the changed files.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"

const [module, out] = process.argv.slice(2)
const TYPESCRIPT = "5.9.3"
const DEFAULTS = { npm: "11.8.0", yarn: "1.22.22", pnpm: "8.15.4" }
const LOCKS = { npm: "package-lock.json", yarn: "yarn.lock", pnpm: "pnpm-lock.yaml" }
const CACHES = { npm: ["npm-cache", "/root/.npm"], yarn: ["yarn-cache", "/root/.cache/yarn"], pnpm: ["pnpm-cache", "/root/.pnpm-store"] }

const has = (name) => existsSync(`${module}/${name}`)

function refuse(what) {
  console.error(`the engine's own copy of the official TypeScript SDK has no ${what}: use Node.js, or another engine`)
  process.exit(1)
}

/** A file without what follows // outside of strings, which is all that the official SDK takes out as well. */
function withoutComments(text) {
  return text.replace(/"(?:\\.|[^"\\])*"|\/\/[^\n]*/g, (found) => (found.startsWith('"') ? found : ""))
}

function read(name, fallback) {
  if (!has(name)) return fallback
  try {
    return JSON.parse(withoutComments(readFileSync(`${module}/${name}`, "utf8")))
  } catch (error) {
    console.error(`${name} is not JSON: ${error.message}`)
    process.exit(1)
  }
}

function managerOf({ packageManager }) {
  if (packageManager) {
    const [name, version] = packageManager.split("@", 2)
    if (!version) refuse(`packageManager without a version, such as ${packageManager}`)
    if (!(name in LOCKS)) refuse(`package manager ${name}`)
    return [name, version]
  }
  const name = ["npm", "yarn", "pnpm"].find((manager) => has(LOCKS[manager])) ?? "yarn"
  return [name, DEFAULTS[name]]
}

const original = read("package.json", { type: "module" })
const { dagger = {}, dependencies = {}, devDependencies } = original
if (dagger.baseImage) refuse(`dagger.baseImage, such as ${dagger.baseImage}`)
if (dagger.runtime && dagger.runtime !== "node") refuse(`dagger.runtime ${dagger.runtime}`)
if (!dagger.runtime && (has("bun.lock") || has("bun.lockb"))) refuse("Bun")
const isNode = dagger.runtime || Object.values(LOCKS).some(has)
if (!isNode && (has("deno.json") || has("deno.lock"))) refuse("Deno")

const [manager, version] = managerOf(original)
const [cache, cachePath] = CACHES[manager]
const isMounted = has("package.json") && dependencies.typescript === TYPESCRIPT
const typescript = !isMounted ? "installed" : Object.keys(dependencies).length <= 1 ? "alone" : "mounted"

const { "@dagger.io/dagger": _, ...own } = { typescript: TYPESCRIPT, ...dependencies }
const changed = { ...original, type: "module", dependencies: own }
if (devDependencies) {
  const { "@dagger.io/dagger": _dev, ...rest } = devDependencies
  changed.devDependencies = rest
}

const library = { "@dagger.io/dagger": ["./sdk/index.ts"], "@dagger.io/dagger/telemetry": ["./sdk/telemetry.ts"] }
const basic = { target: "ES2022", moduleResolution: "Node", experimentalDecorators: true, strict: true, skipLibCheck: true }
const config = read("tsconfig.json", { compilerOptions: basic })
const options = { ...config.compilerOptions, paths: { ...config.compilerOptions?.paths, ...library }, experimentalDecorators: true }

mkdirSync(out, { recursive: true })
const answers = { manager, version, lock: LOCKS[manager], cache: `${cache}-node-`, "cache-path": cachePath, typescript }
for (const [name, answer] of Object.entries(answers)) writeFileSync(`${out}/${name}`, answer)
writeFileSync(`${out}/package.json`, JSON.stringify(changed, null, 2))
writeFileSync(`${out}/tsconfig.json`, JSON.stringify({ ...config, compilerOptions: options }, null, 2))
