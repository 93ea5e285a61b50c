import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const read = (path: string) => readFileSync(join(ROOT, path), "utf8")

/** Dagger's version, which dagger.json decides. */
const { engineVersion } = JSON.parse(read("dagger.json")) as { engineVersion: string }
const version = engineVersion.replace(/^v/, "")

describe(`Dagger's version is dagger.json's, ${engineVersion}`, () => {
  test.each<[path: string, pattern: RegExp, most: number]>([
    ["package.json", /"npm:@dagger\.io\/dagger@([^"]+)"/g, 1],
    ["dagger/engine/common.sh", /^VERSION=(.+)$/gm, 1],
    ["dagger/engine/go/go.sh", /=dagger\.io\/dagger@v(\S+)/g, 1],
    ["test/fixtures/go-caller/dagger.json", /"engineVersion": "v([^"]+)"/g, 1],
    ["test/e2e/slow/system-engine.test.ts", /engine[-:]v([\d.]+)/g, 2],
  ])("in %s", (path, pattern, count) => {
    expect([...read(path).matchAll(pattern)].map(([, found]) => found)).toEqual(Array(count).fill(version))
  })

  test.each(readdirSync(join(ROOT, ".github/workflows")))("in every job of %s that calls it", (name) => {
    const text = read(`.github/workflows/${name}`)
    const uses = text.match(/uses: dagger\/dagger-for-github@/g) ?? []
    expect([...text.matchAll(/dagger-for-github@.*\n\s+with:\n\s+version: (\S+)/g)].map(([, found]) => found)).toEqual(
      uses.map(() => version),
    )
  })
})
