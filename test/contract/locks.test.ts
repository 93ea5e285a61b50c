import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

type Manifest = { dependencies: Record<string, string>; devDependencies?: Record<string, string> }
type Package = {
  version: string
  resolved?: string
  integrity?: string
  cpu?: string[]
  optionalDependencies?: Record<string, string>
}
type Lock = { packages: Record<string, Package> }

const folder = join(ROOT, "common/build/locks")
const json = <T>(path: string) => JSON.parse(readFileSync(join(folder, path), "utf8")) as T

/** The packages of a lock with their paths, the project itself left out. */
const locked = (name: string) => Object.entries(json<Lock>(`${name}/package-lock.json`).packages).filter(([path]) => path)

/** Whether version a is b or later, both of three numbers. */
const reaches = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true }) >= 0

describe.each(readdirSync(folder))("the lock of %s", (name) => {
  test("has a hash for each package and names no registry but npm's", () => {
    for (const [path, { resolved, integrity }] of locked(name)) {
      expect(integrity, path).toMatch(/^sha512-/)
      expect(resolved ?? "https://registry.npmjs.org/", path).toMatch(/^https:\/\/registry\.npmjs\.org\//)
    }
  })

  test("is that of its package.json, which names whole versions", () => {
    const { dependencies, devDependencies } = json<Manifest>(`${name}/package.json`)
    const { packages } = json<Lock>(`${name}/package-lock.json`)
    expect(packages[""]).toMatchObject({ dependencies, ...(devDependencies && { devDependencies }) })
    for (const [dependency, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/)
      expect(packages[`node_modules/${dependency}`]?.version).toBe(version)
    }
  })

  test("is whole for every platform", () => {
    const { packages } = json<Lock>(`${name}/package-lock.json`)
    for (const [path, { optionalDependencies = {} }] of locked(name)) {
      for (const dependency of Object.keys(optionalDependencies)) {
        const found = packages[`${path}/node_modules/${dependency}`] ?? packages[`node_modules/${dependency}`]
        expect(found, `${path} > ${dependency}`).toBeDefined()
      }
    }
  })

  test("is of a folder whose patches exist", () => expect(existsSync(join(ROOT, "common/build/patches", name))).toBe(true))
})

/** The first versions without the holes that are known. */
const FLOORS = {
  "body-parser": "1.20.3",
  cookie: "0.7.0",
  ejs: "3.1.10",
  "engine.io": "6.4.2",
  express: "4.20.0",
  "path-to-regexp": "0.1.12",
  qs: "6.14.1",
  send: "0.19.0",
  "serve-static": "1.16.0",
  "socket.io": "4.6.2",
  "socket.io-parser": "4.2.7",
  ws: "8.17.1",
}

test.each(Object.entries(FLOORS))("kclient has %s %s or later, wherever it is used", (name, floor) => {
  const found = locked("kclient").filter(([path]) => path.endsWith(`node_modules/${name}`))
  expect(found).not.toEqual([])
  for (const [path, { version }] of found) expect(reaches(version, floor), `${path} ${version}`).toBe(true)
})

test("novnc is built on both processors", () => {
  for (const cpu of ["x64", "arm64"]) {
    for (const tool of ["@esbuild/linux-", "esbuild-linux-", "@rollup/rollup-linux-"])
      expect(
        locked("novnc").filter(([path, found]) => path.includes(tool) && found.cpu?.includes(cpu)),
        `${tool} ${cpu}`,
      ).not.toEqual([])
  }
})

test("TypeScript comes from the lock, as a plain version that is Dagger's own default has the SDK mount another over it", () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest
  expect(dependencies.typescript).toMatch(/^=\d+\.\d+\.\d+$/)
})
