import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

type Described = { name: string; description: string }
type Method = Described & { arguments: Record<string, Described & { isOptional: boolean }> }
type Surface = {
  interfaces: Record<string, unknown>
  objects: Record<string, Described & { methods: Record<string, Method>; properties: Record<string, Described & { isExposed: boolean }> }>
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
const { objects, interfaces } = await scan(sources, "helios", false)

test("no interface of TypeScript is in the API: Dagger takes one for an interface of its own, and its engine dies at the next call", () => {
  expect(Object.keys(interfaces)).toEqual([])
})

test("the public API is the golden one: to change it on purpose, run vitest with --update", async () => {
  const lines = Object.values(objects).flatMap(({ name, methods, properties }) => [
    ...Object.values(properties)
      .filter(({ isExposed }) => isExposed)
      .map((property) => `${name}.${property.name}`),
    ...Object.values(methods).map((method) => {
      const list = Object.values(method.arguments).map((argument) => `${argument.name}${argument.isOptional ? "?" : ""}`)
      return `${name}.${method.name}(${list.join(", ")})`
    }),
  ])
  await expect(`${lines.sort().join("\n")}\n`).toMatchFileSnapshot("surface.txt")
})

test("every function says what it returns and how it is called", () => {
  for (const { name, methods } of Object.values(objects)) {
    for (const method of Object.values(methods)) {
      expect(method.description, `${name}.${method.name}`).toMatch(/`dagger (call|check) /)
    }
  }
})
