import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

type Described = { name: string; description: string }
type Type = { kind: string; name?: string; typeDef?: Type }
type Arguments = Record<string, Described & { isOptional: boolean; type: Type }>
type Method = Described & { arguments: Arguments; returnType: Type }
type Property = Described & { isExposed: boolean; type: Type }
type Surface = {
  enums: Record<string, Described & { values: Record<string, Described & { value: string }> }>
  interfaces: Record<string, unknown>
  objects: Record<string, Described & { methods: Record<string, Method>; properties: Record<string, Property> }>
}

const { scan } = (await import(join(ROOT, "node_modules/dagger-sdk/dist/src/module/introspector/index.js"))) as {
  scan: (files: string[], name: string, load: boolean) => Promise<Surface>
}

// The scan resolves types as Dagger does: the sources beside an SDK whose client is generated, here from its declarations.
const scanned = mkdtempSync(join(tmpdir(), "helios-surface-"))
const sdk = join(scanned, "node_modules/@dagger.io/dagger")
const api = join(ROOT, "node_modules/dagger-sdk/dist/src")
cpSync(join(ROOT, "src"), join(scanned, "src"), { recursive: true })
mkdirSync(sdk, { recursive: true })
cpSync(join(api, "api/client.gen.d.ts"), join(sdk, "client.gen.ts"))
writeFileSync(join(sdk, "index.ts"), `export * from "./client.gen.ts"\nexport * from "${api}/module/decorators.js"\n`)
afterAll(() => rmSync(scanned, { recursive: true }))

const files = readdirSync(join(scanned, "src"), { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"))
const sources = [join(sdk, "client.gen.ts"), ...files.map((path) => join(scanned, "src", path))]
const { enums, objects, interfaces } = await scan(sources, "helios", false)

test("no interface of TypeScript is in the API: Dagger takes one for an interface of its own, and its engine dies at the next call", () => {
  expect(Object.keys(interfaces)).toEqual([])
})

/** What a constructor takes; most objects have none. */
function constructorOf(object: object): Arguments | undefined {
  const json = JSON.parse(JSON.stringify(object)) as { constructor: { arguments: Arguments } }
  return Object.hasOwn(json, "constructor") ? json.constructor.arguments : undefined
}

/** Arguments as the golden has them. */
function listed(all: Arguments): string {
  return Object.values(all)
    .map(({ name, isOptional, type }) => `${name}${isOptional ? "?" : ""}: ${shown(type)}`)
    .join(", ")
}

/** A type as GraphQL writes it. */
function shown({ kind, name, typeDef }: Type): string {
  if (typeDef) return `[${shown(typeDef)}]`
  return name ?? `${kind[0]}${kind.slice(1, kind.indexOf("_")).toLowerCase()}`
}

test("the public API is the golden one: to change it on purpose, run vitest with --update", async () => {
  const members = Object.values(enums).flatMap(({ name, values }) =>
    Object.values(values).map((member) => `${name}.${member.name} = ${member.value}`),
  )
  const constructors = Object.values(objects).flatMap((object) => {
    const taken = constructorOf(object)
    return taken ? [`${object.name}(${listed(taken)})`] : []
  })
  const functions = Object.values(objects).flatMap((object) => [
    ...Object.values(object.properties)
      .filter(({ isExposed }) => isExposed)
      .map((property) => `${object.name}.${property.name}: ${shown(property.type)}`),
    ...Object.values(object.methods).map(
      (method) => `${object.name}.${method.name}(${listed(method.arguments)}): ${shown(method.returnType)}`,
    ),
  ])
  await expect(`${[...members, ...constructors, ...functions].sort().join("\n")}\n`).toMatchFileSnapshot("surface.txt")
})

test("the CLI, which takes a member's name in GraphQL in whatever case, takes enums by the values that plans have", () => {
  for (const { name, values } of Object.values(enums)) {
    for (const member of Object.values(values)) {
      // One word, or else what the engine leaves as it is: more of them would get underscores.
      expect(member.name, name).toMatch(/^([A-Z][a-z]+|[A-Z][A-Z0-9]*)$/)
      expect(member.name.toLowerCase(), name).toBe(member.value)
    }
  }
})

test("every function says what it returns and how it is called", () => {
  for (const { name, methods } of Object.values(objects)) {
    for (const method of Object.values(methods)) {
      expect(method.description, `${name}.${method.name}`).toMatch(/`dagger (call|check) /)
    }
  }
})
