import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const build = readFileSync(join(ROOT, "dagger/engine/build.sh"), "utf8").replaceAll("\\\n", " ")
const page = readFileSync(join(ROOT, "dagger/engine/README.md"), "utf8")
const section = page.slice(page.indexOf("## What is edited of Dagger"))
const binaries = build.slice(build.indexOf("build_binaries() {"), build.indexOf("\n}\n", build.indexOf("build_binaries() {")))

/** Module paths that the build takes from elsewhere or leaves out, with the shell's variable filled in. */
const replaced = [...binaries.matchAll(/(?:-replace|-droprequire)[ =]"?([^="\s]+)/g)].map(([, path = ""]) =>
  path.replace("$pkg", "github.com/dagger/dagger"),
)

test.each(replaced)("the engine's page says why %s is replaced", (path) => {
  expect(section).toContain(`\`${path}\``)
})

test.each(readdirSync(join(ROOT, "dagger/engine/stubs")))("the engine's page says why there is a stub %s", (name) => {
  expect(section).toContain(`\`stubs/${name}\``)
})

test("nothing else of Dagger's sources is edited, and its step of submodules least", () => {
  const lines = binaries.split("\n").filter((line) => /\$src/.test(line) && !/^\s*#/.test(line))
  const writes = lines.filter((line) => /\b(sed|patch|cp|rm|mv|tee|ed)\b|>/.test(line)).map((line) => line.trim())
  expect(writes).toEqual([
    expect.stringMatching(/^cp -r .* "\$src"$/),
    'rm "$src"/core/sdk/dang/v2/*.go',
    'cp "$ENGINE_DIR/stubs/dang/sdk.go" "$src/core/sdk/dang/v2/"',
  ])
  expect(replaced.length).toBeGreaterThan(5)
})
