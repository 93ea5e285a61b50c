import { type Container, ReturnType } from "@dagger.io/dagger"
import { complaint } from "../core/complaint.ts"
import { FarmError } from "../core/errors.ts"

/** What a command came to. */
export interface Ran {
  exitCode: number
  stdout: string
  stderr: string
  /** The container after it. */
  container: Container
}

const STDOUT = "/tmp/helios-stdout"
const STDERR = "/tmp/helios-stderr"

/** Runs a command to its end, whatever that is; what it says isn't shown to who waits, as it is for the farm to read. */
export async function quietly(container: Container, args: string[], useEntrypoint = false): Promise<Ran> {
  const ran = container.withExec(args, { useEntrypoint, expect: ReturnType.Any, redirectStdout: STDOUT, redirectStderr: STDERR })
  const [exitCode, stdout, stderr] = await Promise.all([ran.exitCode(), ran.file(STDOUT).contents(), ran.file(STDERR).contents()])
  return { exitCode, stdout, stderr, container: ran }
}

/** Runs a tool that is an image of its own; throws one line, begun by `what`, where it fails. */
export async function runTool(tool: Container, what: string, args: string[]): Promise<Ran> {
  const ran = await quietly(tool, args, true)
  if (ran.exitCode === 0) return ran
  throw new FarmError(`${what}: ${complaint(ran.stderr.replace(/^\[\d+\]\s+ERROR\s+/gm, "Error: "))}`)
}
