import { type Container, ReturnType } from "@dagger.io/dagger"
import { complaint } from "../core/error-line.ts"
import { FarmError } from "../core/errors.ts"

/** Runs a tool that is an image of its own: the container after it; throws one line, begun by `what`, where it fails. */
export async function runTool(tool: Container, what: string, args: string[]): Promise<Container> {
  const ran = tool.withExec(args, { useEntrypoint: true, expect: ReturnType.Any })
  if ((await ran.exitCode()) === 0) return ran
  throw new FarmError(`${what}: ${complaint((await ran.stderr()).replace(/^\[\d+\]\s+ERROR\s+/gm, "Error: "))}`)
}
