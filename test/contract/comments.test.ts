import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"
import { expect, test } from "vitest"
import { ROOT } from "../support/catalog.ts"

const isExported = (node: ts.Statement) =>
  ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)

/** The functions that a statement declares, by name. */
function functionsOf(node: ts.Statement): string[] {
  if (ts.isFunctionDeclaration(node)) return [node.name?.text ?? "default"]
  if (!ts.isVariableStatement(node)) return []
  return node.declarationList.declarations
    .filter(({ initializer }) => initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)))
    .map(({ name }) => name.getText())
}

const wordsOf = (text: string) => text.toLowerCase().match(/[a-z0-9]+/g) ?? []

/** Words that say nothing beside a name. */
const EMPTY = ["a", "an", "the", "of", "from", "for", "to", "its", "gets", "returns"]

/** The exported functions whose comment doesn't say what they return: there is none, or it has only the words of the name. */
function undocumented(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  return file.statements.filter(isExported).flatMap((node) =>
    functionsOf(node).filter((name) => {
      const comments = ts.getJSDocCommentsAndTags(node).map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
      const known = [...EMPTY, ...wordsOf(name.replace(/[A-Z]/g, " $&"))]
      return wordsOf(comments.join(" ")).every((word) => known.includes(word))
    }),
  )
}

test.each([
  ["none", "export function sizeOf() {}", ["sizeOf"]],
  ["none of an arrow function", "export const sizeOf = () => 1", ["sizeOf"]],
  ["one that repeats the name", "/** Returns the size. */\nexport function size() {}", ["size"]],
  ["one that ends before another statement", "/** Bytes of all files. */\n\nconst x = 1\nexport function sizeOf() {}", ["sizeOf"]],
  ["one that says what is returned", "/** Bytes of all files. */\nexport function sizeOf() {}", []],
  ["none of a function of the file's own", "function sizeOf() {}", []],
])("of a function with a comment, %s, that is known", (_, text, found) => expect(undocumented("x.ts", text)).toEqual(found))

const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"))

test.each(sources)("every function that %s exports says what it returns", (path) => {
  expect(undocumented(path, readFileSync(join(ROOT, "src", path), "utf8"))).toEqual([])
})
