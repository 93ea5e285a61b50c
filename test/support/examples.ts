import { execa } from "execa"
import { MINUTE, REGISTRY, ROOT } from "./farm.ts"
import { gitIn } from "./git.ts"

/** Where images of this test file's lie in the registry, which pages of examples call `registry`. */
export const PATH = `examples-${process.pid}`

/** Runs a line of an example's page as a reader does, in Helios' own folder: what it printed. */
export async function ran(line: string, minutes = 60): Promise<string> {
  const options = { cwd: ROOT, reject: false, stdin: "ignore", timeout: minutes * MINUTE, forceKillAfterDelay: 20_000 } as const
  const command = line.replaceAll(/\bregistry\//g, `${REGISTRY}/${PATH}/`)
  const { stdout, stderr, exitCode, timedOut } = await execa("bash", ["--norc", "-euo", "pipefail", "-c", command], options)
  const what = timedOut ? `not done in ${minutes} minutes` : `exit code ${exitCode}`
  if (exitCode !== 0) throw new Error(`${what}: ${command}\n${stderr.slice(-4000)}`)
  return stdout.trim()
}

/** Makes a folder a git repository, with what is in it as the branch main's first commit: that commit. */
export async function committed(folder: string): Promise<string> {
  const git = gitIn(folder)
  await git("init", "--quiet", "--initial-branch=main")
  await git("add", "--all")
  await git("commit", "--quiet", "--message=Our desktops")
  return git("rev-parse", "HEAD")
}
