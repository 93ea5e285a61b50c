import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { clean, MINUTE, MIRROR, NO_MIRROR, publishedImage, until } from "../../support/farm.ts"
import { CHART } from "../../support/kube/chart.ts"
import { Cluster, NO_CLUSTER } from "../../support/kube/cluster.ts"

const SKIPPED = NO_CLUSTER ?? (MIRROR ? undefined : NO_MIRROR)
const TIMES = 9
const POD = "desk-helios-0"

const cluster = new Cluster()
const took: Record<string, number> = {}

const wait = ["--wait", "--timeout=150s"]
const image = "image.repository=localhost/helios,image.tag=test,settings.USER=bob"
const install = (name: string, set: string, ...options: string[]) =>
  cluster.helm(["install", name, CHART, `--set=${image},${set}`, ...options])

const median = (all: number[]) => [...all].sort((one, other) => one - other)[Math.floor(all.length / 2)] as number

const status = (path: string) => cluster.kubectl(["get", "pod", POD, `--output=jsonpath={${path}}`])
const since = async (condition: string) => Date.parse(await status(`.status.conditions[?(@.type=="${condition}")].lastTransitionTime`))

/** The events of what a failed release made, a line each. */
const events = () => cluster.kubectl(["get", "events", '--output=jsonpath={range .items[*]}{.message}{"\\n"}{end}'])

beforeAll(async () => {
  if (SKIPPED) return
  const began = Date.now()
  await cluster.up()
  took["cluster, its programs compiled where they weren't"] = (Date.now() - began) / 1000
  await cluster.load(await publishedImage("helios"), "localhost/helios:test")
}, 100 * MINUTE)
afterAll(() => cluster.down())
afterAll(clean)
afterAll(() => console.table(took))

describe.skipIf(SKIPPED !== undefined)(`pods of a real Kubernetes ${SKIPPED ?? ""}`, { timeout: 10 * MINUTE }, () => {
  test("a desktop is ready 5 s after it was given to a node, and gone in 5 s, in most of nine cases", async () => {
    await cluster.volume("desk")
    const began = Date.now()
    await install("desk", "secret.password=correct-horse", ...wait)
    took["helm install until the desktop is ready"] = (Date.now() - began) / 1000
    const [ready, gone]: [number[], number[]] = [[], []]
    for (let count = 0; count < TIMES; count++) {
      const uid = await status(".metadata.uid")
      const told = Date.now()
      await cluster.kubectl(["delete", "pod", POD, "--wait"])
      gone.push((Date.now() - told) / 1000)
      await until("there is another", 30, async () => (await status(".metadata.uid").catch(() => uid)) !== uid)
      await cluster.kubectl(["wait", "--for=condition=Ready", `pod/${POD}`, "--timeout=60s"])
      // Kubernetes says when in whole seconds.
      ready.push(((await since("Ready")) - (await since("PodScheduled"))) / 1000)
    }
    took["scheduled until ready, median"] = median(ready)
    took["deleted until gone, median"] = median(gone)
    expect(median(ready)).toBeLessThanOrEqual(5)
    expect(median(gone)).toBeLessThanOrEqual(5)
  })

  test("a certificate that its secret has anew is shown without a restart", async () => {
    const make = async (name: string) => {
      const [key, certificate] = [cluster.write(`${name}.key`, ""), cluster.write(`${name}.crt`, "")]
      const asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", `/CN=${name}`]
      await cluster.run(["openssl", ...asked, "-keyout", key, "-out", certificate])
      const secret = ["create", "secret", "tls", "door", `--cert=${certificate}`, `--key=${key}`, "--dry-run=client", "--output=json"]
      await cluster.kubectl(["apply", "--filename=-"], await cluster.kubectl(secret))
    }
    await make("first")
    await cluster.helm(["upgrade", "desk", CHART, "--reuse-values", "--set=settings.HTTPS=on,certificate=door", ...wait])
    const address = await status(".status.podIP")
    const shown = async () => {
      const { stdout } = await cluster.run(["openssl", "s_client", "-connect", `${address}:3001`])
      return /subject=CN ?= ?(\w+)/.exec(String(stdout))?.[1]
    }
    expect(await shown()).toBe("first")
    const before = await status(".metadata.uid")
    const began = Date.now()
    await make("second")
    await until("the other is shown", 240, async () => (await shown()) === "second", 1000)
    took["certificate renewed until it is shown"] = (Date.now() - began) / 1000
    expect([await status(".metadata.uid"), await status(".status.containerStatuses[0].restartCount")]).toEqual([before, "0"])
  })

  test("two releases of one name are refused, and the first stays", async () => {
    await expect(install("desk", "secret.password=correct-horse")).rejects.toThrow(/cannot re-?use a name that is still in use/)
    expect(await status(".status.phase")).toBe("Running")
    await cluster.helm(["uninstall", "desk", ...wait])
  })

  test.each([
    ["a secret that isn't there", "secret.existing=nobodys,persistence.enabled=false", /secret "nobodys" not found/],
    ["a claim that nothing can bind", "secret.password=correct-horse,persistence.size=900Ti", /unbound immediate PersistentVolumeClaims/],
    [
      "a claim that isn't there",
      "secret.password=correct-horse,persistence.existingClaim=nobodys",
      /persistentvolumeclaim "nobodys" not found/,
    ],
    ["an image that isn't there", "secret.password=correct-horse,image.tag=none,persistence.enabled=false", /localhost\/helios:none/],
  ])("%s is told of", async (_, set, told) => {
    await expect(install("bad", set, "--wait", "--timeout=12s")).rejects.toThrow(/bad-helios.*not ready|timed out|deadline exceeded/i)
    await until("it is told of", 30, async () => told.test(await events()), 1000)
    await cluster.helm(["uninstall", "bad"])
    await cluster.kubectl(["delete", "events", "--all"])
    await sleep(1000)
  })

  test("a user whom Pod Security forbids is refused by the cluster, and one that no image takes by helm", async () => {
    await cluster.kubectl(["create", "namespace", "closed"])
    await cluster.kubectl(["label", "namespace", "closed", "pod-security.kubernetes.io/enforce=restricted"])
    await install("desk", "secret.password=correct-horse,persistence.enabled=false", "--namespace=closed")
    await until("it is told of", 30, async () =>
      /violates PodSecurity "restricted:latest"/.test(await cluster.kubectl(["get", "events", "--namespace=closed"])),
    )
    const uid = "secret.password=correct-horse,persistence.enabled=false,unprivileged=true,settings.UID=500"
    await expect(install("low", uid)).rejects.toThrow(/at '\/settings\/UID': minimum: got 500, want 1,000/)
    expect(await cluster.helm(["list", "--short"])).toBe("")
  })
})
