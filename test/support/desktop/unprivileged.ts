import { chmodSync } from "node:fs"
import { create, must, podman } from "./podman.ts"
import { page, type Runs } from "./profiles.ts"
import { works } from "./promises.ts"

/** As docs/unprivileged.md has it. */
const OPTIONS = [
  ...["--user=12345:0", "--cap-drop=all", "--security-opt=no-new-privileges"],
  ...["--read-only", "--tmpfs=/run:exec", "--tmpfs=/tmp", "--env=UID=12345"],
]

/** What is wrong with a container that nobody in is root, before and after a stop; `password` is its page's, if it has one. */
export async function unprivilegedProblems(image: string, runs: Runs, password?: string): Promise<string[]> {
  const box = await create(image, [...runs.options, ...OPTIONS])
  chmodSync(box.shared, 0o777)
  const problems: string[] = []
  for (const start of ["at first", "after a stop"]) {
    await must(["start", box.name])
    try {
      await works(box, runs)
    } catch (error) {
      return [...problems, `${start}: ${(error as Error).message}`]
    }
    const { stdout: user } = await podman(["exec", box.name, "as-user", "sh", "-c", "id -un; id -u; id -g"])
    if (user !== "bob\n12345\n0") problems.push(`${start}: as-user runs programs as ${user.replaceAll("\n", " ")}`)
    const statuses = password ? [await page(box, "/"), await page(box, "/", `bob:${password}`)].map(({ status }) => status) : []
    if (password && `${statuses}` !== "401,200") problems.push(`${start}: without and with the password the page answers ${statuses}`)
    await must(["stop", "--time=15", box.name])
    const code = await must(["inspect", "--format={{.State.ExitCode}}", box.name])
    if (code !== "0") problems.push(`${start}: a stop ends with ${code}`)
  }
  return problems
}
