import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { farm, processesOf, room, run, seededEngine } from "./engine.ts"

const MINUTE = 60_000

/** An engine of its own that has an SDK other than the usual one, and keeps what it makes to itself. */
export async function engineWith(sdk: Record<string, string>) {
  const engine = await seededEngine()
  return { ...engine, env: { ...engine.env, ...sdk } }
}

/** Runs the farm's command line on an engine to its end: what it printed. */
export async function printed(env: Record<string, string>, args: string[], minutes = 30): Promise<string> {
  const options = { cwd: farm, env, reject: false, stdin: "ignore", timeout: minutes * MINUTE, forceKillAfterDelay: 20_000 } as const
  const { stdout, stderr, exitCode, timedOut } = await execa(run, ["--engine=embedded", "--yes", ...args], options)
  const what = timedOut ? `not done in ${minutes} minutes` : `exit code ${exitCode}`
  if (exitCode !== 0) throw new Error(`${what}: dagger/run ${args.join(" ")}\n${stderr.slice(-4000)}`)
  return stdout.trim()
}

const TYPE = "name kind ofType { name kind ofType { name kind ofType { name kind ofType { name kind } } } }"
const SURFACE = `{ __schema { types {
  name kind description enumValues { name description }
  fields { name description type { ${TYPE} } args { name description defaultValue type { ${TYPE} } } }
} } }`

/** Every type that the farm's module brings, with what it says of each function and argument, and its own entry. */
export async function surface(env: Record<string, string>): Promise<unknown[]> {
  const file = join(room(), "surface.graphql")
  writeFileSync(file, SURFACE)
  const { __schema } = JSON.parse(await printed(env, ["query", "--doc", file]))
  const types = __schema.types as { name: string; fields: { name: string }[] | null }[]
  const own = types.filter(({ name }) => name.startsWith("Helios"))
  const entry = types.find(({ name }) => name === "Query")?.fields?.filter(({ name }) => name === "helios")
  return [entry, ...own.sort((a, b) => a.name.localeCompare(b.name))]
}

/** The SDKs that a home's engine was started with, a name each. */
export const sdksOf = (home: string) =>
  readFileSync(join(home, "run/sdks"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[0])

/** The pid of the process that holds a home's engine. */
export const holderOf = (home: string) =>
  processesOf(home).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("unshare"))
