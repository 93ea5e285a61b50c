import { readFileSync } from "node:fs"
import { join } from "node:path"
import { execa } from "execa"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { banner, PASSWORD } from "../../support/desktop/profiles.ts"
import { checkout, wipeAll } from "../../support/engine/engine.ts"
import {
  endHosts,
  type Host,
  loadEngine,
  mustOnHost,
  NO_HOST,
  onHost,
  outside,
  pageStatus,
  preparePodman,
  startDocker,
  startHost,
} from "../../support/engine/host.ts"
import { clean, failures, MINUTE, MIRROR, NO_MIRROR, need, publishedImage, ROOT, room, smokeCall, until } from "../../support/farm.ts"

const ENGINE = "dagger-engine-v0.21.8 registry.dagger.io/engine:v0.21.8"
const pages = ["README.md", "docs/run.md", "docs/clusters.md"].map((path) => readFileSync(join(ROOT, path), "utf8")).join("\n")

/** A page's line about an image, with the address of a real one and a password. */
function readmeLine(start: string, name: string, image: string): string {
  const line = pages.split("\n").find((one) => one.startsWith(start) && one.includes(name))
  if (!line) throw new Error(`no page has a line of ${start} with ${name}`)
  return line.replace(name, outside(image)).replace("PASSWORD=…", `PASSWORD=${PASSWORD}`)
}

/** The demo on a fresh clone: its last line about the promises, and the engine's container as the runtime has it. */
async function demo(host: Host, runtime: string): Promise<{ verdict: string; engine: string }> {
  const farm = await checkout()
  const { all, exitCode } = await onHost(host, ["npm", "run", "demo"], { cwd: farm, all: true, timeout: 50 * MINUTE })
  console.log(`npm run demo on ${runtime}:\n${String(all).slice(-3000)}`)
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}`)
  return {
    verdict: readFileSync(join(farm, "report/smoke.txt"), "utf8").trim().split("\n").at(-1) as string,
    engine: await mustOnHost(host, [runtime, "ps", "--format={{.Names}} {{.Image}}"]),
  }
}

/** Whether Docker's default seccomp profile holds for a container's first process. */
const seccomp = (host: Host, name: string) => mustOnHost(host, ["docker", "exec", name, "grep", "Seccomp:", "/proc/1/status"])

describe.skipIf(NO_HOST)(`the engine that the CLI starts by itself${NO_HOST ? `, ${NO_HOST}` : ""}`, () => {
  afterAll(wipeAll)
  afterAll(clean)

  describe("on Docker", () => {
    let host: Host
    let image: string

    beforeAll(async () => {
      // The engine's registry has the bases then.
      image = await publishedImage("kvdi")
      host = await startHost("same")
      await startDocker(host)
      await loadEngine(host, "docker")
    })
    afterAll(endHosts)

    test("runs the demo", async () => {
      const { verdict, engine } = await demo(host, "docker")
      expect(verdict).toMatch(/^\d+ passed, 0 failed, 0 skipped$/)
      expect(engine).toBe(ENGINE)
    })

    test("README's line runs a kvdi image under Docker's default seccomp profile", async () => {
      const shared = room()
      const line = readmeLine("docker run -e", "registry/helios-kvdi:tag", image).replace("docker run", "docker run --name=readme")
      const running = onHost(host, ["sh", "-c", line], { cwd: shared, all: true })
      await until(
        "the VNC server answers",
        60,
        async () => (await banner({ name: "readme", shared: join(shared, "run") })) === "RFB 003.008",
      )
      expect(await seccomp(host, "readme")).toBe("Seccomp:\t2")
      await mustOnHost(host, ["docker", "stop", "readme"])
      const { exitCode, all } = await running
      expect(exitCode, String(all)).toBe(0)
    })

    test("README's line runs an image with systemd; Docker before 28 is given CAP_SYS_ADMIN in place of a cgroup to write to", async () => {
      const systemd = await publishedImage("kvdi", "bookworm", "systemd")
      const version = Number.parseInt(await mustOnHost(host, ["docker", "version", "--format={{.Server.Version}}"]), 10)
      const shared = room()
      const named = readmeLine("docker run --tmpfs", "…", systemd).replace(
        "docker run",
        `docker run --name=readme-systemd -v ${shared}:/var/run/kvdi`,
      )
      const line = version < 28 ? named.replace("--security-opt writable-cgroups=true", "--cap-add=SYS_ADMIN") : named
      const running = onHost(host, ["sh", "-c", line], { all: true })
      await until("the VNC server answers", 60, async () => (await banner({ name: "readme-systemd", shared })) === "RFB 003.008")
      expect(await seccomp(host, "readme-systemd")).toBe("Seccomp:\t2")
      await mustOnHost(host, ["docker", "stop", "readme-systemd"])
      const { exitCode, all } = await running
      expect(exitCode, String(all)).toBe(0)
    })

    describe.skipIf(!MIRROR)(`with a helios image${MIRROR ? "" : `, ${NO_MIRROR}`}`, () => {
      let helios: string

      beforeAll(async () => {
        helios = await publishedImage("helios")
      }, 60 * MINUTE)

      test("README's line runs it under Docker's default seccomp profile", async () => {
        const line = readmeLine("docker run -p", "registry/helios:tag", helios).replace("docker run", "docker run --name=readme-web")
        const running = onHost(host, ["sh", "-c", line], { all: true })
        await until("the desktop can be used", 90, async () => (await pageStatus(host, "/health")) === "200")
        expect(await pageStatus(host, "/")).toBe("401")
        expect(await seccomp(host, "readme-web")).toBe("Seccomp:\t2")
        await mustOnHost(host, ["docker", "stop", "readme-web"])
        const { exitCode, all } = await running
        expect(exitCode, String(all)).toBe(0)
      })

      test("README's lines for compose run it", async () => {
        const hasPlugin = (await execa("docker", ["compose", "version"], { reject: false })).exitCode === 0
        if (!hasPlugin) await need("docker-compose", ["docker-compose"])
        const program = hasPlugin ? "docker compose" : "docker-compose"
        const farm = await checkout()
        const first = readmeLine("cd common/deploy", "desktop.env.example", "desktop.env.example")
        await mustOnHost(host, ["sh", "-c", first], { cwd: farm, stdin: "pipe", input: PASSWORD })
        const folder = { cwd: join(farm, "common/deploy") }
        const up = readmeLine("HELIOS_IMAGE=", "registry/helios:tag", helios).replace("docker compose", program)
        const running = onHost(host, ["sh", "-c", up], { ...folder, all: true })
        await until("the desktop can be used", 90, async () => (await pageStatus(host, "/health")) === "200")
        expect(await pageStatus(host, "/")).toBe("401")
        const [name] = (await mustOnHost(host, ["docker", "ps", "--filter=publish=3000", "--format={{.Names}}"])).split("\n") as [string]
        expect(await seccomp(host, name)).toBe("Seccomp:\t2")
        const health = ["docker", "inspect", "--format={{.State.Health.Status}}", name]
        await until("its check passes", 60, async () => (await mustOnHost(host, health)) === "healthy")
        await mustOnHost(host, ["sh", "-c", `${up.replace(/ up$/, "")} down --volumes`], folder)
        await running
      })
    })
  })

  describe("on podman, where cgroups are of version 2 alone", () => {
    let host: Host

    beforeAll(async () => {
      await publishedImage("kvdi")
      host = await startHost("v2")
      await preparePodman(host)
      await loadEngine(host, "podman")
    })
    afterAll(endHosts)

    test("runs the demo, a Docker client without its daemon beside it", async () => {
      const { verdict, engine } = await demo(host, "podman")
      expect(verdict).toMatch(/^\d+ passed, 0 failed, 0 skipped$/)
      expect(engine).toBe(ENGINE)
    })

    test("podman gives an image with systemd what it needs by itself", async () => {
      const systemd = outside(await publishedImage("kvdi", "bookworm", "systemd"))
      const shared = room()
      await mustOnHost(host, ["podman", "pull", "--quiet", "--tls-verify=false", systemd])
      const options = ["--detach", "--name=systemd", "--env=USER=bob", "--env=UID=1000", `--volume=${shared}:/var/run/kvdi`]
      await mustOnHost(host, ["podman", "run", ...options, systemd])
      await until("the VNC server answers", 60, async () => (await banner({ name: "systemd", shared })) === "RFB 003.008")
      expect(await mustOnHost(host, ["podman", "exec", "systemd", "stat", "--file-system", "--format=%T", "/sys/fs/cgroup"])).toBe(
        "cgroup2fs",
      )
      await mustOnHost(host, ["podman", "stop", "--time=12", "systemd"])
      expect(await mustOnHost(host, ["podman", "inspect", "--format={{.State.ExitCode}}", "systemd"])).toBe("0")
    })

    test("the engine proves an image with systemd", async () => {
      const call = smokeCall("bookworm", { init: "systemd", only: ["systemd", "socket"] })
      const said = await mustOnHost(host, ["dagger/run", "--engine=system", "call", ...call, "json"], { cwd: ROOT, timeout: 30 * MINUTE })
      const results = JSON.parse(said)
      expect(failures(results)).toEqual([])
      expect(results.outcomes.map(({ status }: { status: string }) => status)).toEqual(["passed", "passed"])
    })
  })
})
