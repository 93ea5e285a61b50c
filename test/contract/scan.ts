import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ROOT } from "../support/catalog.ts"

type Described = { name: string; description: string }
export type Type = { kind: string; name?: string; typeDef?: Type }
export type Arguments = Record<string, Described & { isOptional: boolean; defaultValue?: unknown; type: Type }>
type Method = Described & { isCheck: boolean; arguments: Arguments; returnType: Type }
type Property = Described & { isExposed: boolean; type: Type }
export type Surface = {
  enums: Record<string, Described & { values: Record<string, Described & { value: string }> }>
  interfaces: Record<string, unknown>
  objects: Record<string, Described & { methods: Record<string, Method>; properties: Record<string, Property> }>
}

const API = join(ROOT, "node_modules/dagger-sdk/dist/src")

const { scan } = (await import(join(API, "module/introspector/index.js"))) as {
  scan: (files: string[], name: string, load: boolean) => Promise<Surface>
}

/** The declarations of Dagger's own API, which every module has as its client. */
export function coreClient(): string {
  return readFileSync(join(API, "api/client.gen.d.ts"), "utf8").replaceAll('from "../', `from "${API}/`)
}

/**
 * Lays a TypeScript module out as Dagger has it, and does some work there: its sources beside a library whose client is generated, here from
 * declarations.
 */
export async function laidOut<T>(module: string, client: string, work: (sources: string[], client: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "helios-module-"))
  try {
    const sdk = join(folder, "node_modules/@dagger.io/dagger")
    cpSync(join(ROOT, module, "src"), join(folder, "src"), { recursive: true })
    mkdirSync(sdk, { recursive: true })
    writeFileSync(join(sdk, "client.gen.ts"), client)
    writeFileSync(join(sdk, "index.ts"), `export * from "./client.gen.ts"\nexport * from "${API}/module/decorators.js"\n`)
    const files = readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"))
    const sources = files.map((path) => join(folder, "src", path))
    return await work(sources, join(sdk, "client.gen.ts"))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The API of a TypeScript module of this repository, as the SDK's own scan reads it. */
export function scanModule(module: string, name: string, client = coreClient()): Promise<Surface> {
  return laidOut(module, client, (sources, generated) => scan([generated, ...sources], name, false))
}

/** What the constructor of an object takes; most objects have none. */
export function constructorOf(object: object): Arguments | undefined {
  const json = JSON.parse(JSON.stringify(object)) as { constructor: { arguments: Arguments } }
  return Object.hasOwn(json, "constructor") ? json.constructor.arguments : undefined
}

/** A type as GraphQL writes it. */
export function graphqlType({ kind, name, typeDef }: Type): string {
  if (typeDef) return `[${graphqlType(typeDef)}]`
  return name ?? `${kind[0]}${kind.slice(1, kind.indexOf("_")).toLowerCase()}`
}
