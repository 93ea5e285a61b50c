import { existsSync, readdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, describe, expect, test } from "vitest"
import { complaint, room, run, shims } from "../support/engine/engine.ts"
import { callAt, called, endAll, file, folder, LEADS, refused, taken } from "../support/engine/runner.ts"

afterAll(endAll)

describe("a container", () => {
  test.each([
    ["docker-container", "docker"],
    ["container+docker", "docker"],
    ["container+podman", "podman"],
    ["container+nerdctl", "nerdctl"],
    ["container+finch", "finch"],
    ["container+apple", "container"],
    ["container", "docker"],
  ])("%s:// is asked by %s", async (scheme, tool) => {
    await taken(`${scheme}://my-engine`, { docker: "exit 1", podman: "exit 1", [tool]: LEADS })
    expect(called()).toEqual(["exec", "-i", "my-engine", "buildctl", "dial-stdio"])
  })

  test("what the tool says is why one isn't taken", async () => {
    const podman = `echo 'Error: no container with name or ID "my-engine" found: no such container' >&2; exit 125`
    expect(await refused("container+podman://my-engine", { podman })).toMatch(/: Error: no container with name or ID "my-engine" found/)
    expect(await refused("container+lxc://my-engine")).toMatch(/: expected container:\/\/NAME, or container\+TOOL/)
    expect(await refused("container://--privileged")).toMatch(/: expected container:\/\/NAME/)
  })
})

describe("an image", () => {
  const image = "registry.example/engine:v1@sha256:0123"

  test.each([
    ["docker-image", "docker"],
    ["image+docker", "docker"],
    ["image+podman", "podman"],
    ["image+nerdctl", "nerdctl"],
    ["image+apple", "container"],
    ["image", "docker"],
  ])("%s:// is started by the CLI itself where %s answers", async (scheme, tool) => {
    const others = { docker: "exit 1", podman: "exit 1" }
    await taken(`${scheme}://${image}?env=TOKEN=secret`, { ...others, [tool]: `echo "$@" >${file("calls")}` })
    expect(called()).toEqual([tool === "container" ? "system status" : "info"])
    const why = await refused(`${scheme}://${image}?cpus=2&env=TOKEN=secret`, { ...others, [tool]: "exit 1" })
    expect(why).toBe(`${scheme}://${image}?cpus=2&env=…: ${tool} doesn't answer within 5 s`)
  })

  test("one without a name is refused", async () =>
    expect(await refused("image+docker://")).toMatch(/: expected image:\/\/IMAGE, or image\+TOOL/))
})

test("dagger-cloud takes a token or a login", async () => {
  const nobody = { DAGGER_CLOUD_TOKEN: "", XDG_CONFIG_HOME: folder, HOME: folder }
  expect(await refused("dagger-cloud://", {}, nobody)).toMatch(/: expected DAGGER_CLOUD_TOKEN, or a login by {2}dagger login/)
  await taken("dagger-cloud://", {}, { ...nobody, DAGGER_CLOUD_TOKEN: "token" })
})

test.each(["http://127.0.0.1:9", "engine", "tcp://a:b:c", "ftp://x"])(
  "%s is no address: one line says which there are",
  async (address) => {
    expect(await refused(address)).toMatch(/: expected unix:\/\/SOCKET, tcp:\/\/HOST:PORT, .* or dagger-cloud:\/\/$/)
  },
)

test.each([
  ["tls://127.0.0.1:9", "openssl"],
  ["ssh://build.example", "ssh"],
  ["kube-pod://farm-0", "kubectl"],
  ["container+finch://engine", "finch"],
  ["image+nerdctl://engine", "nerdctl"],
])("%s takes %s, which is named where it is missing", async (address, tool) => {
  const rest = room()
  for (const bin of ["/usr/bin", "/bin"])
    for (const name of readdirSync(bin)) if (name !== tool && !existsSync(join(rest, name))) symlinkSync(join(bin, name), join(rest, name))
  const PATH = `${String(shims({ dagger: "echo it ran" }).PATH).split(":")[0]}:${rest}`
  expect(await refused(address, {}, { PATH })).toBe(`${address}: it takes ${tool}, which isn't on PATH`)
})

test.each(["tcp", "tls", "ssh", "kube-pod", "container", "container+podman", "image", "docker-image", "dagger-cloud", "unix"])(
  "nothing of an address of %s is read by a shell as code",
  async (scheme) => {
    const marker = file("marker")
    const programs = Object.fromEntries(["ssh", "kubectl", "docker", "podman"].map((name) => [name, "exit 1"]))
    const codes = [`$(touch ${marker})`, `\`touch ${marker}\``, `x;touch ${marker};`, `%24(touch ${marker})`, `x'"$(touch ${marker})`]
    for (const code of codes)
      for (const address of [`${scheme}://${code}`, `${scheme}://me@h:1/${code}`, `${scheme}://h:9?context=${code}&ca_path=${code}`])
        await callAt(address, programs)
    expect(existsSync(marker)).toBe(false)
  },
)

test("an address that is set and no dagger end the run as well", async () => {
  const result = await execa(run, ["call", "version"], {
    env: { PATH: "/usr/bin:/bin", HELIOS_ENGINE_HOME: file("home"), _EXPERIMENTAL_DAGGER_RUNNER_HOST: "tcp://127.0.0.1:9" },
    reject: false,
  })
  expect(complaint(result)).toMatch(/no dagger on PATH; start or install what is missing, .*--engine=embedded/)
})
