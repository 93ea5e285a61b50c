import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { distroFileSchema } from "../../src/core/catalog/distro.ts"
import { distroNames, ROOT } from "../support/catalog.ts"

const schema = z.toJSONSchema(distroFileSchema, { io: "input", target: "draft-7" })
const read = (name: string): Record<string, unknown> => JSON.parse(readFileSync(join(ROOT, "distros", name, "distro.json"), "utf8"))

test("distros/schema.json is what the farm reads: to write it anew, run npm run update", async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(join(ROOT, "distros/schema.json"))
})

describe("editors", () => {
  test.each(distroNames())("complete %s by it", (name) => {
    expect(Object.entries(read(name))[0]).toEqual(["$schema", "../schema.json"])
    expect(z.fromJSONSchema(schema as never).safeParse(read(name)).error).toBe(undefined)
  })

  test.each<[string, Record<string, unknown>]>([
    ["a field that there is none of", { pakages: {} }],
    ["an init of another profile", { profiles: { helios: { inits: ["systemd"], budget: 1 } } }],
    ["a platform that nothing is built for", { platforms: ["linux/riscv64"] }],
    ["a package's name that a shell reads", { packages: { desktop: { add: ["xterm; touch /pwned"] } } }],
  ])("see %s", (_, change) => {
    expect(z.fromJSONSchema(schema as never).safeParse({ ...read("bookworm"), ...change }).success).toBe(false)
  })

  test("say what each field is", () => {
    for (const [name, field] of Object.entries(schema.properties ?? {})) expect(field, name).toHaveProperty("description")
  })
})
