import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"
import { describe, expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"
import { clientWith } from "./client.ts"
import { laidOut, scanModule } from "./scan.ts"
import { OPTIONS } from "./typed.ts"

const read = (path: string) => readFileSync(join(ROOT, path), "utf8")
const examples = readdirSync(join(ROOT, "examples"))
const ran = ["examples", "go-sdk"].map((name) => read(`test/e2e/slow/${name}.test.ts`)).join("\n")

test("there is one in Go, one in shell, one in TypeScript, and a repository", () => {
  expect(examples).toEqual(["go", "shell", "studio", "typescript"])
})

describe.each(examples)("examples/%s", (name) => {
  const page = read(`examples/${name}/README.md`)

  test("has a page that says what it shows, of less than a screen", () => {
    expect(page).toMatch(/^# .+\n\n[\w[]/)
    expect(page.split("\n").length).toBeLessThan(50)
  })

  test("is run by each line that the page has", () => {
    const lines = [...page.matchAll(/^ {4}(\S.*?)(?: +#.*)?$/gm)].map(([, line]) => line as string)
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(ran).toContain(`"${line}"`)
  })
})

describe("examples/typescript", async () => {
  const client = clientWith("helios", "Helios", await scanModule(".", "helios"))

  const WRONG = [
    ["a function that there isn't", "helios().distros()", "helios().distro()", /'distro' does not exist on type 'Helios'/],
    ["an option that there isn't", "{ container:", "{ image:", /'image' does not exist in type/],
    ["an argument that is missing", "image(distro, { profile })", "image({ profile })", /not assignable to parameter of type 'string'/],
    ["a profile that there isn't", "HeliosProfile.Kvdi", "HeliosProfile.Vnc", /'Vnc' does not exist on type 'typeof HeliosProfile'/],
  ] as const

  // What a compiler finds in the example, as it is and then each way wrong, beside the client that Dagger generates for it.
  const [found, ...wrong] = await laidOut("examples/typescript", client, ([path = ""]) => {
    const text = readFileSync(path, "utf8")
    const paths = [["", ""] as const, ...WRONG.map(([, from, to]) => [from, to] as const)].map(([from, to], index) => {
      writeFileSync(`${path}.${index}.ts`, text.replace(from, to))
      return `${path}.${index}.ts`
    })
    const program = ts.createProgram(paths, { ...OPTIONS, experimentalDecorators: true, allowImportingTsExtensions: true })
    return paths.map((one) =>
      program
        .getSemanticDiagnostics(program.getSourceFile(one))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    )
  })

  test("fits the API", () => expect(found).toEqual([]))

  test.each(WRONG.map(([name, , , says], index) => ({ name, says, found: wrong[index] })))("wouldn't with $name", (one) => {
    expect(one.found).toContainEqual(expect.stringMatching(one.says))
  })
})
