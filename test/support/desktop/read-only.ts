import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { room } from "../farm.ts"
import { create, must, podman } from "./podman.ts"
import { HELIOS_RUNS, PASSWORD, page } from "./profiles.ts"
import { works } from "./promises.ts"

/** What is wrong with a helios container of which only /run, /tmp and the home can be written to, its hooks mounted read-only. */
export async function readOnlyProblems(image: string): Promise<string[]> {
  const [hooks, evidence] = [room(), room()]
  writeFileSync(join(hooks, "10-mine.sh"), 'printf "%s" "$USER" >/evidence/hook\n')
  for (const folder of [hooks, evidence]) chmodSync(folder, 0o777)
  const mounts = ["--tmpfs=/run:exec", "--tmpfs=/tmp", "--tmpfs=/home/bob", `--volume=${evidence}:/evidence`]
  const box = await create(image, [...HELIOS_RUNS.options, "--read-only", ...mounts, `--volume=${hooks}:/etc/helios/init.d:ro`])
  await must(["start", box.name])
  try {
    await works(box, HELIOS_RUNS)
  } catch (error) {
    return [(error as Error).message]
  }
  const hook = join(evidence, "hook")
  const isWritten = (await podman(["exec", box.name, "touch", "/etc/written"])).exitCode === 0
  const { stdout: account } = await podman(["exec", "--user=1000:1000", box.name, "env", "--ignore-environment", "id", "--user", "--name"])
  const { stdout: preloaded } = await podman(["exec", box.name, "as-user", "printenv", "LD_PRELOAD"])
  const { status, body } = await page(box, "/", `bob:${PASSWORD}`)
  return [
    ...(existsSync(hook) && readFileSync(hook, "utf8") === "bob" ? [] : ["the hook never ran as it should"]),
    ...(isWritten ? ["/etc can be written to"] : []),
    ...(account === "bob" ? [] : [`without its environment a program knows the user as "${account}"`]),
    ...(preloaded ? [`every program is started with ${preloaded}`] : []),
    ...(status === 200 && body.includes("<iframe") ? [] : [`the page answers ${status}`]),
  ]
}
