import { globSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { entrypoint } from "@dagger.io/dagger"

// What the API's types can't be made of isn't read: a browser's declarations, and those of packages.
const { sys } = createRequire("/opt/dagger-ts/node_modules/@dagger.io/dagger/")("typescript")
const read = sys.readFile
const NEEDLESS = /\/lib\.(dom|scripthost|webworker)\b|^(?!.*\/typescript\/lib\/).*\/node_modules\/.*\.[cm]?ts$/
sys.readFile = (path, encoding) => (NEEDLESS.test(path) ? "export {}" : read(path, encoding))

const root = import.meta.dirname
const files = globSync("src/**/*.ts", { cwd: root }).filter((file) => !file.endsWith(".test.ts"))
await entrypoint(["sdk/client.gen.ts", ...files].map((file) => join(root, file)))
