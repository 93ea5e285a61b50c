import { readFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { beforeAll, expect, test } from "vitest"
import { MINUTE, need, ROOT } from "../../support/farm.ts"

const LAB = join(ROOT, "common/smoke/lab")
const PLAIN = JSON.parse(readFileSync(join(LAB, "lab.bash"), "utf8").match(/^PLAIN='(.+)'$/m)?.[1] as string) as string[]

/** What the program below test/fixtures prints, which asks Docker's own module. */
const docker = async (capabilities: string[] = []) =>
  (await execa("go", ["run", ".", ...capabilities], { cwd: join(ROOT, "test/fixtures/seccomp"), timeout: 5 * MINUTE })).stdout

/** What the lab gives a container that has those capabilities. */
const lab = async (capabilities: string[], machine: string) => {
  const filter = `include "seccomp"; container_profile(${JSON.stringify(capabilities)}; "${machine}")`
  return JSON.parse((await execa("jq", ["-L", LAB, filter, join(LAB, "seccomp.json")])).stdout)
}

beforeAll(async () => {
  await need("go", ["golang-go"])
  await need("jq", ["jq"])
}, 5 * MINUTE)

test("the profile for programs that shut themselves in is Docker's with one rule more", async () => {
  const ours = readFileSync(join(ROOT, "common/deploy/seccomp.json"), "utf8")
  expect(ours.trim()).toBe(await docker(["sandboxes"]))
  expect(JSON.parse(ours).syscalls.at(-1)).toEqual({
    names: ["chroot", "clone", "mount", "pivot_root", "umount2", "unshare"],
    action: "SCMP_ACT_ALLOW",
  })
})

test("the lab's seccomp profile is the one that Docker's module has", async () => {
  expect(readFileSync(join(LAB, "seccomp.json"), "utf8").trim()).toBe(await docker())
})

test.each([
  ["a plain container", PLAIN],
  ["one with fewer capabilities", PLAIN.slice(0, 6)],
  ["one with CAP_SYS_ADMIN", [...PLAIN, "CAP_SYS_ADMIN"]],
  ["one with some more", [...PLAIN, "CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_BPF", "CAP_SYSLOG"]],
])("%s gets what Docker would give it on this machine", async (_, capabilities) => {
  const machine = (await execa("uname", ["-m"])).stdout
  expect(await lab(capabilities, machine)).toEqual(JSON.parse(await docker(capabilities)))
})

test("machines of both architectures have a filter, and it allows no namespaces but with CAP_SYS_ADMIN", async () => {
  for (const machine of ["x86_64", "aarch64"]) {
    const allowed = async (capabilities: string[]) =>
      (await lab(capabilities, machine)).syscalls.flatMap(({ names, action }: { names: string[]; action: string }) =>
        action === "SCMP_ACT_ALLOW" ? names : [],
      )
    expect((await lab(PLAIN, machine)).architectures[0]).toBe(`SCMP_ARCH_${machine.toUpperCase()}`)
    expect(await allowed(PLAIN)).toEqual(expect.arrayContaining(["openat", "execve"]))
    expect(await allowed(PLAIN)).not.toContain("unshare")
    expect(await allowed([...PLAIN, "CAP_SYS_ADMIN"])).toContain("unshare")
  }
})
