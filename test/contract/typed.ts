import { dirname, join } from "node:path"
import ts from "typescript"
import { ROOT } from "../support/catalog.ts"

/** A value that should be what a module exports as a type. */
export interface Typed {
  value: unknown
  type: string
  from: string
}

/** How strictly what is typed is looked at. */
export const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  module: ts.ModuleKind.ESNext,
}

/** What keeps a value from its type, fields that the type doesn't have included: the compiler's own words. */
export function typeProblems({ value, type, from }: Typed): string[] {
  const file = join(ROOT, "test/contract/value.ts")
  const text = `import type { ${type} } from ${JSON.stringify(from)}\nexport const value: ${type} = ${JSON.stringify(value, null, 1)}\n`
  const host = ts.createCompilerHost(OPTIONS)
  const { getSourceFile } = host
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest)
  host.getCurrentDirectory = () => dirname(file)
  const program = ts.createProgram([file], OPTIONS, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))
}
