import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"
import { ROOT } from "../../../test/support/catalog.ts"
import { tableOf } from "./columns.ts"

/** A function of the API, as its comment in src/ describes it. */
export interface Call {
  object: string
  name: string
  /** What it does, without the example. */
  description: string
  /** A call of it, as its comment has one. */
  example: string
}

const FILES = ["index.ts", ...readdirSync(join(ROOT, "src/objects")).map((name) => `objects/${name}`)]

const commentOf = (node: ts.Node) =>
  ts
    .getJSDocCommentsAndTags(node)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
    .join(" ")
    .replaceAll(/\s+/g, " ")

const isFunction = (node: ts.ClassElement) =>
  ts.canHaveDecorators(node) && ts.getDecorators(node)?.some(({ expression }) => /^func\b/.test(expression.getText()))

const classesOf = (path: string) =>
  ts
    .createSourceFile(path, readFileSync(join(ROOT, "src", path), "utf8"), ts.ScriptTarget.Latest, true)
    .statements.filter(ts.isClassDeclaration)

/** Every function of every object, in the order of the sources. */
export const CALLS: Call[] = FILES.flatMap((path) =>
  classesOf(path).flatMap((object) =>
    object.members.filter(isFunction).map((member): Call => {
      const comment = commentOf(member)
      const [span = "", example = ""] = comment.match(/`(dagger call [^`]+)`/) ?? []
      // Whole sentences: what leads to the example is said by it.
      const [description = ""] = (span ? comment.split(span) : [comment])[0]?.match(/^.*\.(?= |$)/) ?? []
      return { object: object.name?.text ?? "", name: member.name?.getText() ?? "", description, example }
    }),
  ),
)

/** The options that come before all functions, with what each is. */
function optionsTable(): string {
  const [farm] = classesOf("index.ts")
  const made = farm?.members.find(ts.isConstructorDeclaration)
  return tableOf([...(made?.parameters ?? [])], {
    option: (parameter) => `\`--${kebab(parameter.name.getText())}\``,
    "what it is": (parameter) => commentOf(parameter).trim(),
  })
}

/** A name as the CLI has it. */
export const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The functions of an object as a table, or the options of them all. */
export function callsTable(object: string): string {
  if (object === "options") return optionsTable()
  return tableOf(
    CALLS.filter((call) => call.object === object),
    {
      function: ({ name }) => `\`${kebab(name)}\``,
      "what it does": ({ description }) => description,
      "for example": ({ example }) => (example ? `\`${example}\`` : ""),
    },
  )
}
